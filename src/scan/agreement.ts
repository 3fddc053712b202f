import { isRecord } from "../formats/document.ts";
import { isVersion, versionsAgree } from "./runtime-pins.ts";

/** Whether two values of a fact can hold together: what one leaves open the other may fill, and ranges of versions may overlap. */
export function agrees(fact: string, a: unknown, b: unknown): boolean {
  if (!isRecord(a) || !isRecord(b)) return canonical(a) === canonical(b);
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.every((key) => {
    const [mine, other] = [a[key], b[key]];
    // A version that moves (`lts/*`) is none: it neither fills nor contradicts.
    if (fact === "runtime" && key === "version") return versionsHold(mine, other);
    return isOpen(mine) || isOpen(other) || canonical(mine) === canonical(other);
  });
}

function versionsHold(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return (
    [a, b].every((version) => version === null || isVersion(String(version))) &&
    (a === null || b === null || versionsAgree(String(a), String(b)))
  );
}

/** The first value, with what it leaves open taken from the second. */
export function filled(a: unknown, b: unknown): unknown {
  if (!isRecord(a) || !isRecord(b)) return a;
  return Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [
      key,
      isOpen(a[key]) ? (b[key] ?? a[key]) : a[key],
    ]),
  );
}

/** Nothing is known: null, or an empty list. */
function isOpen(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** The same text for the same value, in whatever order its keys are. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
