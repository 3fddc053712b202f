import { createHash } from "node:crypto";

/** What stands around the part of an issue's text that is ours. */
export interface Marks {
  begin: string;
  end: string;
}

/** The text with our part made new; what people wrote around it stays. Where the marks are gone, ours comes first. */
export function withPart(text: string | null, part: string, { begin, end }: Marks): string {
  const old = (text ?? "").replaceAll("\r\n", "\n");
  const from = old.indexOf(begin);
  const to = from < 0 ? -1 : old.indexOf(end, from);
  if (to < 0) return old.trim() === "" ? part : `${part}\n\n${old.trim()}`;
  return `${old.slice(0, from)}${part}${old.slice(to + end.length)}`;
}

/** Tells a text from the one that was written last; people may have changed that in the meantime. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
