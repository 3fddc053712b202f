import { lazy } from "../core/lazy.ts";
import type { Place } from "./document.ts";

/** A text file as it was: its words with `\n` at the end of lines, and how to write it again. */
export interface TextFile {
  text: string;
  eol: "\n" | "\r\n";
  bom: boolean;
  encoding: "utf-8" | "utf-16le" | "utf-16be";
}

const decoder = (encoding: TextFile["encoding"]) => new TextDecoder(encoding, { ignoreBOM: true });
const DECODERS = { "utf-8": decoder("utf-8"), "utf-16le": decoder("utf-16le"), "utf-16be": decoder("utf-16be") };
const BINARY_PROBE_BYTES = 8_192;
const WIDE_PROBE_BYTES = 256;

/** Whether bytes are no text: a NUL among the first 8 KiB, unless it is UTF-16. */
export function isBinary(bytes: Uint8Array): boolean {
  return encodingOf(bytes) === "utf-8" && bytes.subarray(0, BINARY_PROBE_BYTES).includes(0);
}

/** Decodes UTF-8 and UTF-16; wrong bytes become U+FFFD. */
export function decodeText(bytes: Uint8Array): TextFile {
  const encoding = encodingOf(bytes);
  const raw = DECODERS[encoding].decode(bytes);
  const bom = raw.startsWith("\uFEFF");
  const text = bom ? raw.slice(1) : raw;
  if (!text.includes("\r")) return { text, eol: "\n", bom, encoding };
  const eol = /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
  return { text: text.replace(/\r\n?/g, "\n"), eol, bom, encoding };
}

/** The bytes of a text with the line ends and the mark that the file had. UTF-16 is written as UTF-8. */
export function encodeText(text: string, { eol, bom }: Pick<TextFile, "eol" | "bom">): Uint8Array {
  const lines = eol === "\n" ? text : text.replace(/\n/g, "\r\n");
  return new TextEncoder().encode(bom ? `\uFEFF${lines}` : lines);
}

/** Turns offsets of a text into places; the text is looked through once. */
export function places(text: string): (offset: number) => Place {
  const known = lazy(() => lineStarts(text));
  return (offset) => {
    const starts = known();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Latin letters of two bytes each, as PowerShell writes them: each second byte is NUL, and no other one. */
function looksWide(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.byteLength & ~1, WIDE_PROBE_BYTES);
  if (length < 4 || bytes[1] !== 0) return false;
  let wide = 0;
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) return false;
    if (bytes[at + 1] === 0) wide += 2;
  }
  return wide > length * 0.9;
}

function encodingOf(bytes: Uint8Array): TextFile["encoding"] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return looksWide(bytes) ? "utf-16le" : "utf-8";
}
