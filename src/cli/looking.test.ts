import { afterEach, expect, test, vi } from "vitest";
import { looking } from "./looking.ts";

const { isTTY } = process.stderr;
const { argv } = process;

afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
  process.argv = argv;
});

test.each([
  [true, [], ["looking at the files…\n", "loaded"]],
  [true, ["--json"], ["loaded"]],
  [false, [], ["loaded"]],
])("on a terminal %s, with %j", async (terminal, options, expected) => {
  const said: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  process.stderr.isTTY = terminal;
  process.argv = [...argv, ...options];
  await looking(async () => said.push("loaded"))();
  expect(said).toEqual(expected);
});
