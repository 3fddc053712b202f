import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteForShell } from "./quote.ts";

/** What a shell makes of the quoted words, with a NUL behind each. */
function split(shell: string, argv: readonly string[]): string[] {
  const printer = [process.execPath, "-e", "process.stdout.write(process.argv.slice(1).join('\\0') + '\\0')", "--"];
  const result = spawnSync(shell, ["-c", quoteForShell([...printer, ...argv])], { encoding: "utf8" });
  expect(result.stderr).toBe("");
  return result.stdout.split("\0").slice(0, -1);
}

const special = [..." '\"\\$`!*?[]{}()<>|&;#~=%^-\n\r\t", "", "--", "\x1b[0m", "é", "\u2028", "𝄞", "\x01", "\x7f"];
const word = fc.oneof(
  fc.string({ unit: fc.constantFrom(...special, "a"), maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.replaceAll("\0", "").toWellFormed()),
);

const shells = ["/bin/sh", "/bin/bash", "/bin/zsh", "/usr/bin/fish"].filter((shell) => existsSync(shell));

test.each(shells)("%s gives every word back as it was", (shell) => {
  // One shell a run is slow, so each run has many words.
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 200 }), (argv) => {
      expect(split(shell, argv)).toEqual(argv);
    }),
    { numRuns: 40 },
  );
});

test("each special character alone, and what a command may begin with", () => {
  const argv = [...special, "-n", "-rf", "a=b", "%1", "~", "~root", "'", "''", "\\'", "$(id)", "\n\n"];
  expect(split("/bin/sh", argv)).toEqual(argv);
});

test("a program is found under an odd name, and a NUL is refused", () => {
  const result = spawnSync("/bin/sh", ["-c", quoteForShell(["a=b"])], { encoding: "utf8" });
  expect(result.status).toBe(127);
  expect(() => quoteForShell(["a\0b"])).toThrow(TypeError);
});
