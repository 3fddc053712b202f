import { createReadStream } from "node:fs";
import { copyFile, open, rename, rm, stat, truncate } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import type { LogLine } from "../../contract/requests.ts";

const ROTATE_AT_BYTES = 10_000_000;
const KEPT = 3;
const TAIL_BYTES = 512_000;
const FOLLOW_EVERY_MS = 200;
const LONGEST_LINE = 8_000;

/** The last `lines` lines, oldest first; looks into the rotated file when the current one is short. */
export async function tailLog(replica: string, file: string, lines: number): Promise<LogLine[]> {
  let text = await readEnd(file);
  if (text.split("\n").length <= lines) text = (await readEnd(`${file}.1`)) + text;
  const all = text.split("\n");
  if (all.at(-1) === "") all.pop();
  return all.slice(-lines).map((line) => ({ replica, text: line.slice(0, LONGEST_LINE) }));
}

/** Calls back for each line written from now on, across rotation, until the signal aborts. */
export async function followLog(
  replica: string,
  file: string,
  onLine: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  let position = await sizeOf(file);
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
      const lines = rest.split("\n");
      rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
      for (const text of lines) onLine({ replica, text: text.slice(0, LONGEST_LINE) });
    }
    await delay(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => {});
  }
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

async function readEnd(file: string): Promise<string> {
  const size = await sizeOf(file);
  if (size === 0) return "";
  const handle = await open(file, "r");
  try {
    const length = Math.min(size, TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.subarray(0, bytesRead).toString("utf8");
    return length < size ? text.slice(text.indexOf("\n") + 1) : text;
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
