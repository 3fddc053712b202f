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
