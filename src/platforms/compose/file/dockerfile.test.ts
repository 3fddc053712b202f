import { expect, test } from "vitest";
import { exposedIn } from "./dockerfile.ts";

const STAGES = "FROM node AS build\nEXPOSE 1111\nFROM node as run\nEXPOSE 9000/tcp 53/udp 8080\nFROM scratch\n";

test.each<[string, string | undefined, number | null]>([
  ["FROM node\nEXPOSE 3000\n", undefined, 3000],
  ["FROM node\n# EXPOSE 1\nexpose 3000/TCP \\\n  2000\n", undefined, 2000],
  ["FROM node\nEXPOSE $PORT\nEXPOSE 53/udp\n", undefined, null],
  ["FROM node\n", undefined, null],
  [STAGES, undefined, null],
  [STAGES, "run", 8080],
  [STAGES, "build", 1111],
])("%j with the target %j exposes %j", (text, target, port) => {
  expect(exposedIn(text, target)).toBe(port);
});
