import { expect, test } from "vitest";
import { diffLines } from "./diff-lines.ts";

const TEN = Array.from({ length: 10 }, (_, at) => `line ${at + 1}`);
const text = (lines: readonly string[]) => `${lines.join("\n")}\n`;

test("a new file is added as a whole, a gone one removed", () => {
  expect(diffLines("a", undefined, "one\n\ntwo\n")).toEqual([
    "--- /dev/null",
    "+++ b/a",
    "@@ -0,0 +1,3 @@",
    "+one",
    "+",
    "+two",
  ]);
  expect(diffLines("a", "one\n", undefined)).toEqual(["--- a/a", "+++ /dev/null", "@@ -1 +0,0 @@", "-one"]);
});

test("three lines around a change, and changes near each other together", () => {
  const changed = TEN.toSpliced(1, 1, "second").toSpliced(5, 0, "new");
  expect(diffLines("a", text(TEN), text(changed)).slice(2)).toEqual([
    "@@ -1,8 +1,9 @@",
    " line 1",
    "-line 2",
    "+second",
    " line 3",
    " line 4",
    " line 5",
    "+new",
    " line 6",
    " line 7",
    " line 8",
  ]);
});

test("changes far from each other have their own places", () => {
  const changed = TEN.toSpliced(9, 1).toSpliced(0, 1, "first", "more");
  expect(diffLines("a", text(TEN), text(changed)).filter((line) => line.startsWith("@@"))).toEqual([
    "@@ -1,4 +1,5 @@",
    "@@ -7,4 +8,3 @@",
  ]);
});

test("nothing in a file or its name reaches the terminal as a command", () => {
  const lines = diffLines("a\n\u001b[2Jb", "", "\u001b[31mred\u0007\n").join("\n");
  expect(lines).not.toMatch(new RegExp(`[${String.fromCharCode(27, 7)}]`));
  expect(lines.split("\n")[0]).toBe("--- a/a b");
});
