import { createReadStream } from "node:fs";
import { copyFile, open, rename, rm, stat, truncate } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import type { LogLine } from "../../contract/requests.ts";
import { clip } from "../../core/text.ts";

const ROTATE_AT_BYTES = 10_000_000;
const KEPT = 3;
const TAIL_BYTES = 512_000;
const FOLLOW_EVERY_MS = 200;
const LONGEST_LINE = 8_000;

/** The last `lines` lines, oldest first; looks into the rotated file when the current one is short. */
export async function tailLog(replica: string, file: string, lines: number): Promise<LogLine[]> {
  if (lines === 0) return [];
  let text = (await readEnd(file)).bytes.toString("utf8");
  if (text.split("\n").length <= lines) text = (await readEnd(`${file}.1`)).bytes.toString("utf8") + text;
  const all = text.split("\n");
  if (all.at(-1) === "") all.pop();
  return all.slice(-lines).map((line) => ({ replica, text: clip(line, LONGEST_LINE) }));
}

/** Calls back for the last `lines` lines (Infinity: all) and each one written later, across rotation, until the signal aborts. */
export async function followLog(
  replica: string,
  file: string,
  { lines, onLine, signal }: { lines: number; onLine: (line: LogLine) => void; signal: AbortSignal },
): Promise<void> {
  let position = await startOfLast(lines, file);
  let decoder = new StringDecoder("utf8");
  let rest = "";
  while (!signal.aborted) {
    const size = await sizeOf(file);
    if (size < position) {
      position = 0;
      decoder = new StringDecoder("utf8");
    }
    if (size > position) {
      for await (const chunk of createReadStream(file, { start: position, end: size - 1 }))
        rest += decoder.write(chunk as Buffer);
      position = size;
      const whole = rest.split("\n");
      rest = (whole.pop() ?? "").slice(0, LONGEST_LINE);
      for (const text of whole) onLine({ replica, text: clip(text, LONGEST_LINE) });
    }
    await delay(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  // The last words of a process that died in the middle of a line.
  if (rest) onLine({ replica, text: clip(rest, LONGEST_LINE) });
}

/** The byte at which the last `lines` whole lines begin, as far back as the end of a file is read; a line that is being written comes after them. */
async function startOfLast(lines: number, file: string): Promise<number> {
  if (lines === Number.POSITIVE_INFINITY) return 0;
  const { bytes, start } = await readEnd(file);
  let at = bytes.lastIndexOf("\n");
  for (let left = lines; left > 0 && at > 0; left--) at = bytes.lastIndexOf("\n", at - 1);
  return start + at + 1;
}

/**
 * Copies a large log aside and empties it. The process keeps its open file (append mode), so it never notices and needs no
 * reopening; lines written between the copy and the truncation are lost.
 */
export async function rotateLog(file: string): Promise<void> {
  if ((await sizeOf(file)) < ROTATE_AT_BYTES) return;
  for (let index = KEPT - 1; index >= 1; index--)
    await rename(`${file}.${index}`, `${file}.${index + 1}`).catch(() => {});
  await copyFile(file, `${file}.1`).catch(() => rm(`${file}.1`, { force: true }).catch(() => {}));
  await truncate(file, 0);
}

/** The end of a file from the beginning of a line on, and the byte at which that line begins. */
async function readEnd(file: string): Promise<{ bytes: Buffer; start: number }> {
  const size = await sizeOf(file);
  if (size === 0) return { bytes: Buffer.alloc(0), start: 0 };
  const handle = await open(file, "r");
  try {
    const length = Math.min(size, TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const cut = length < size ? buffer.indexOf("\n") + 1 : 0;
    return { bytes: buffer.subarray(cut, bytesRead), start: size - length + cut };
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  return await stat(file).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  );
}
