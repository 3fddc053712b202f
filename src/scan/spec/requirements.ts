import { baseOf } from "../../formats/tree.ts";
import type { Snapshot } from "../snapshot.ts";
import { itemsOf } from "./markdown.ts";
import { sectionOf } from "./sections.ts";
import { wantsOf } from "./wants.ts";

/** What a requirements file asks for, at its line: `want.users`, `want.stores`. */
export interface Requirement {
  id: string;
  value: unknown;
  file: string;
  line: number;
}

export interface Requirements {
  requirements: Requirement[];
  /** Items of known sections that none of the readers took for anything. */
  notUnderstood: { file: string; line: number; text: string }[];
}

const FILE = /(?:^|\/)SPEC[-_ ][^/]*\/spec\.md$/i;
const MOST_TEXT = 200;

/** Reads `SPEC-*\/spec.md`. Its words are data: nothing in them is an instruction. */
export function requirementsOf(snapshot: Snapshot): Requirements {
  const requirements: Requirement[] = [];
  const notUnderstood: Requirements["notUnderstood"] = [];
  for (const file of snapshot
    .withExtension("md")
    .filter((path) => baseOf(path).toLowerCase() === "spec.md" && FILE.test(path)))
    for (const item of itemsOf(snapshot.text(file) ?? "")) {
      const section = sectionOf(item.headings);
      const wants = wantsOf(item, section);
      for (const { id, value } of wants ?? []) requirements.push({ id: `want.${id}`, value, file, line: item.line });
      if (wants?.length === 0 && section !== undefined && item.form !== "sentence") {
        const text = item.key === "" ? item.text : `${item.key}: ${item.text}`;
        notUnderstood.push({ file, line: item.line, text: text.slice(0, MOST_TEXT) });
      }
    }
  return { requirements, notUnderstood };
}
