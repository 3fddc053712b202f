import { decodeText } from "../formats/text.ts";

const LINE = /([^\r\n]*)(\r\n|\r|\n|$)/g;
/** So far a line may have moved. */
const MOST_MOVED = 50;

/** The bytes of a changed text, with the mark of the old bytes and each line ended as it was; new lines end as the one before them. */
export function encodeLike(old: Uint8Array, text: string): Uint8Array {
  const { bom, encoding } = decodeText(old);
  const raw = new TextDecoder(encoding, { ignoreBOM: true }).decode(old).slice(bom ? 1 : 0);
  const before = [...raw.matchAll(LINE)].map(([, line = "", end = ""]) => ({ line, end }));
  let next = 0;
  let last = before.find(({ end }) => end !== "")?.end ?? "\n";
  const lines = text.split("\n").map((line, index, all) => {
    const found = before.findIndex((old, at) => at >= next && at < next + MOST_MOVED && old.line === line);
    if (found !== -1) next = found + 1;
    // The end of a line without one is the end of the file.
    const end = (found === -1 ? "" : before[found]?.end) || last;
    last = end;
    return index === all.length - 1 ? line : line + end;
  });
  return new TextEncoder().encode(`${bom ? "\uFEFF" : ""}${lines.join("")}`);
}
