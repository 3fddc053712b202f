import { listAt, type Path } from "../../../formats/document.ts";

/** A scalar as text; undefined for lists, mappings and nothing. Not even turning into text is safe for those. */
export function textOfValue(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** The texts of the list at a path; what is no scalar is left out. */
export function textsAt(value: unknown, path: Path = []): string[] {
  return listAt(value, path).flatMap((item) => textOfValue(item) ?? []);
}
