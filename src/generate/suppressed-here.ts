import picomatch from "picomatch";
import { kindOf } from "../lint/kinds.ts";
import { RULES } from "../lint/registry.ts";
import type { Suppression } from "../lint/suppressions.ts";
import { NOTE } from "./note.ts";

/** The file with the rules that the manifest suppresses in it and why, below its first comment; files without one stay as they are. */
export function withSuppressions(path: string, text: string, suppressions: readonly Suppression[]): string {
  const kind = kindOf(path, text);
  const about = suppressions.filter(({ rule: id, path: pattern }) => {
    if (pattern !== undefined && !picomatch(pattern, { dot: true })(path)) return false;
    const rule = RULES.find((one) => one.id === id);
    return rule ? kind !== undefined && rule.kinds.includes(kind) : pattern !== undefined;
  });
  const lines = text.split("\n");
  const at = lines.slice(0, 4).findIndex((line) => line.includes(NOTE));
  const lead = /^\s*(?:#|\/\/)/.exec(lines[at] ?? "")?.[0];
  if (about.length === 0 || lead === undefined) return text;
  return lines.toSpliced(at + 1, 0, ...about.map((one) => `${lead} ${sentence(one)}`)).join("\n");
}

/** One line that no template takes for its own. */
function sentence({ rule, reason, until }: Suppression): string {
  const why = reason.replace(/\s+/g, " ").replaceAll("{{", "{ {").trim();
  return `${rule} does not count here${until ? ` until ${until}` : ""}: ${why}`;
}
