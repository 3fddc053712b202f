import { isDeepStrictEqual } from "node:util";
import { parseJson } from "../../formats/json.ts";
import { type Merged, mergeLines, type Texts } from "./lines.ts";
import { mergeValues } from "./values.ts";

/** Three-way merge of JSON, like that of YAML. Undefined where one side is no JSON. */
export function mergeJson(texts: Texts): Merged | undefined {
  const [base, current, next] = [texts.base, texts.current, texts.next].map((text) => parseJson(text).value);
  if (base === undefined || current === undefined || next === undefined) return undefined;
  const merged = mergeValues({ base, current, next });
  if (isDeepStrictEqual(merged.value, current)) return { text: texts.current, conflicts: merged.conflicts };
  const byLines = mergeLines(texts);
  if (byLines.conflicts.length === 0 && isDeepStrictEqual(parseJson(byLines.text).value, merged.value)) return byLines;
  const indent = /^[^\n]*\n([ \t]+)/.exec(texts.current)?.[1] ?? "  ";
  return { text: `${JSON.stringify(merged.value, null, indent)}\n`, conflicts: merged.conflicts };
}
