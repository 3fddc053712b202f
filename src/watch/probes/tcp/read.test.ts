import type { Socket } from "node:net";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readUntil } from "./read.ts";

const BYTES = 20_000;

test("a server that sends byte by byte costs few looks, and none of its bytes is missed", async () => {
  const stream = new PassThrough();
  let looks = 0;
  const read = readUntil(stream as unknown as Socket, (text) => {
    looks++;
    return text.endsWith("!");
  });
  for (let sent = 1; sent < BYTES; sent++) {
    stream.write("a");
    if (sent % 100 === 0) await new Promise(setImmediate);
  }
  stream.write("!");
  expect(await read).toBe(`${"a".repeat(BYTES - 1)}!`);
  expect(looks).toBeLessThan(BYTES / 10);
});

test("the end of an answer that was not looked at yet is in it", async () => {
  const stream = new PassThrough();
  const read = readUntil(stream as unknown as Socket, () => false);
  for (const part of ["abcd", "e", "f"]) stream.write(part);
  stream.end();
  expect(await read).toBe("abcdef");
});
