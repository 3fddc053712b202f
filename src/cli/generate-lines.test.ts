import { expect, test } from "vitest";
import type { Prepared, PreparedFile } from "../generate/prepared.ts";
import { generateLines } from "./generate-lines.ts";

function prepared(path: string, given: Partial<PreparedFile> = {}): Prepared {
  const file: PreparedFile = {
    path,
    file: undefined,
    before: undefined,
    action: "create",
    text: "a\n",
    base: "a\n",
    ...given,
  };
  const finding = { rule: "SM01", severity: "error" as const, file: path, line: 1, message: `odd ${path}` };
  return {
    files: [file],
    index: { generator: "", files: {} },
    findings: [finding],
    blocking: [finding],
    notes: [`see ${path}`],
  };
}

test("names from the repository are words: no line breaks, nothing that a terminal obeys", () => {
  const lines = generateLines(prepared("a\n\u001b[2Jb/Dockerfile"), { diff: true, written: false });
  expect(lines.join("\n")).not.toContain(String.fromCharCode(27));
  expect(lines).toContain("error SM01 a b/Dockerfile:1: odd a b/Dockerfile");
  expect(lines).toContain("note: see a b/Dockerfile");
  expect(lines.at(-1)).toMatch(/^nothing was written: 1 error/);
});

test("what was not taken is shown, also where an error keeps all from being written", () => {
  const kept = { action: "conflict", before: "EXPOSE 1\n", text: "EXPOSE 1\n", proposed: "EXPOSE 2\n" } as const;
  const lines = generateLines(prepared("Dockerfile", kept), { diff: true, written: false });
  expect(lines).toEqual(expect.arrayContaining(["not taken, in Dockerfile.proposed:", "-EXPOSE 1", "+EXPOSE 2"]));
  expect(lines.at(-1)).toMatch(/; --diff shows what was not taken$/);
});

test.each<[string, Partial<PreparedFile>, boolean, string]>([
  ["all as it should be", { action: "keep", before: "a\n" }, true, "1 file as it should be; nothing to write"],
  ["written", {}, true, "wrote 1 file"],
  ["not written", {}, false, "1 file would change"],
  ["a proposal", { action: "conflict", before: "a\n", proposed: "b\n" }, true, "wrote 1 proposal"],
  ["a merge and a proposal", { action: "conflict", before: "", proposed: "b\n" }, true, "wrote 1 file, and 1 proposal"],
  [
    "a proposal, not written",
    { action: "conflict", before: "a\n", proposed: "b\n" },
    false,
    "1 proposal would be written",
  ],
])("the last line: %s", (_, given, written, last) => {
  const lines = generateLines({ ...prepared("x", given), findings: [], blocking: [], notes: [] }, { written });
  expect(lines.at(-1)).toBe(last);
});
