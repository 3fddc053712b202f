import type { Document, Path, Place } from "../../formats/document.ts";
import type { Complaint, Edit } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";

/** The place of a value, or of the nearest thing around it that has one (what an anchor brought has none). */
export function placeOf(document: Document, path: Path): Place {
  for (let length = path.length; length >= 0; length -= 1) {
    const place = document.place(path.slice(0, length));
    if (place) return place;
  }
  return { line: 1, column: 1 };
}

/** A complaint about the value at a path. */
export function complain(
  document: Document,
  path: Path,
  message: string,
  more: Partial<Pick<Complaint, "severity" | "fix">> = {},
): Complaint {
  const { line, column } = placeOf(document, path);
  return { line, column, message, ...more };
}

/** Puts whole lines in front of a line (counted from 1); `text` ends with its line end. */
export function linesBefore({ lines, text: whole }: LintFile, line: number, text: string): Edit {
  let start = 0;
  for (const before of lines.slice(0, line - 1)) start += before.length + 1;
  const open = start > whole.length;
  return { start: Math.min(start, whole.length), end: Math.min(start, whole.length), text: open ? `\n${text}` : text };
}
