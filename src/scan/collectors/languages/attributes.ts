import { type Ignores, ignoreRules } from "../../../formats/ignore-rules.ts";
import { folderOf } from "../../../formats/tree.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";

/** What `.gitattributes` says of a file's language. */
export interface LanguageAttributes {
  /** `linguist-language`, as it is written. */
  language: string | undefined;
  /** Whether it is to be counted: undefined where the usual rules hold. */
  counted: boolean | undefined;
}

interface Rule {
  matches: Ignores;
  language: string | undefined;
  counted: boolean | undefined;
}

const NOT_OWN = /^(-|!)?linguist-(?:vendored|generated|documentation)(?:=(\w+))?$/;
const once = oncePerSnapshot<readonly Rule[]>();

/** The attributes of a path: later rules and deeper folders go first. */
export function attributesOf(snapshot: Snapshot, path: string): LanguageAttributes {
  const rules = once(snapshot, "", () => readRules(snapshot));
  const matching = rules.filter(({ matches }) => matches(path));
  return {
    language: matching.findLast(({ language }) => language !== undefined)?.language,
    counted: matching.findLast(({ counted }) => counted !== undefined)?.counted,
  };
}

function readRules(snapshot: Snapshot): Rule[] {
  return snapshot.named(".gitattributes").flatMap((file) =>
    (snapshot.text(file) ?? "").split("\n").flatMap((line): Rule[] => {
      const [pattern = "", ...words] = line.trim().split(/\s+/);
      if (pattern === "" || /^[#!]/.test(pattern)) return [];
      const language = words.map((word) => /^linguist-language=(.+)$/.exec(word)?.[1]).find(Boolean);
      const counted = words.map(countedBy).findLast((said) => said !== undefined);
      return language === undefined && counted === undefined
        ? []
        : [{ matches: ignoreRules(pattern, folderOf(file)), language, counted }];
    }),
  );
}

function countedBy(word: string): boolean | undefined {
  const [found, off, value] = NOT_OWN.exec(word) ?? [];
  if (found !== undefined) return off !== undefined || value === "false";
  if (/^linguist-detectable(?:=true)?$/.test(word)) return true;
  return /^(?:-linguist-detectable|linguist-detectable=false)$/.test(word) ? false : undefined;
}
