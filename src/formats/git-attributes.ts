import { type Ignores, ignoreRules } from "./ignore-rules.ts";

/** Whether a path is marked as written by others or by a program; undefined where the rules do not speak of it. */
export type Foreign = (path: string) => boolean | undefined;

const MARK = /^(-|!)?linguist-(?:vendored|generated)(?:=(\S+))?$/;

/** The marks `linguist-vendored` and `linguist-generated` of a `.gitattributes` text that lies in `folder`. Never throws. */
export function foreignRules(text: string, folder: string): Foreign {
  const rules = text.split("\n").flatMap((line): { matches: Ignores; foreign: boolean }[] => {
    const [, quoted, plain, attributes = ""] = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^\s#"]\S*))\s+(.*)$/.exec(line) ?? [];
    const pattern = quoted ?? plain;
    const foreign = pattern === undefined ? undefined : markOf(attributes);
    // A `!` in front of a pattern means nothing here.
    if (pattern === undefined || pattern.startsWith("!") || foreign === undefined) return [];
    return [{ matches: ignoreRules(pattern, folder), foreign }];
  });
  return (path) => rules.findLast(({ matches }) => matches(path) === true)?.foreign;
}

function markOf(attributes: string): boolean | undefined {
  const marks = attributes.split(/\s+/).flatMap((word) => {
    const [found, off, value] = MARK.exec(word) ?? [];
    return found === undefined ? [] : [off === undefined && value !== "false"];
  });
  return marks.length === 0 ? undefined : marks.some((mark) => mark);
}
