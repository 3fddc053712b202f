import { isRecord, listAt, recordAt, stringAt } from "../../../formats/document.ts";

/** Whether labels meet a selector of the long form (`matchLabels`, `matchExpressions`); an empty one takes all. */
export function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  if (!isRecord(selector)) return false;
  return hasLabels(labels, recordAt(selector, ["matchLabels"])) && listAt(selector, ["matchExpressions"]).every(holds);

  function holds(expression: unknown): boolean {
    const key = stringAt(expression, ["key"]) ?? "";
    const value = key in labels ? String(labels[key]) : undefined;
    const values = listAt(expression, ["values"]).map(String);
    switch (stringAt(expression, ["operator"])) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return true;
    }
  }
}

/** Whether all of some labels are among others. */
export function hasLabels(
  labels: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => key in labels && String(labels[key]) === String(value));
}

/** The keys that a selector of either form looks at. */
export function keysOf(selector: unknown): string[] {
  const long = isRecord(selector) && ("matchLabels" in selector || "matchExpressions" in selector);
  if (!long) return Object.keys(recordAt(selector));
  const expressions = listAt(selector, ["matchExpressions"]).flatMap((item) => stringAt(item, ["key"]) ?? []);
  return [...Object.keys(recordAt(selector, ["matchLabels"])), ...expressions];
}
