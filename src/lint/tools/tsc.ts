import type { RunResult } from "../../exec/run.ts";
import { baseOf, folderOf } from "../../formats/tree.ts";
import { type Tool, type ToolComplaint, wordsOf } from "./tool.ts";

const ARGUMENTS = [
  "--noEmit",
  "--strict",
  "--skipLibCheck",
  "--target",
  "es2023",
  "--module",
  "nodenext",
  "--pretty",
  "false",
];

/** `tsc` for the file that Railway reads; without the package it imports nothing can be said of it. */
export const tsc: Tool = {
  id: "tsc",
  program: "tsc",
  targets: ({ tree }) =>
    tree.paths
      .filter((path) => /(?:^|\/)\.railway\/railway\.ts$/.test(path))
      .map((path) => ({
        path,
        argv: [...ARGUMENTS, baseOf(path)],
        cwd: folderOf(path),
        read: (result) => answerOf(path, result),
      })),
};

function answerOf(file: string, result: RunResult): ToolComplaint[] | { unable: string } {
  if (result.code === 0) return [];
  const absent = /error TS2307: Cannot find module '([^'.][^']*)'/.exec(result.stdout)?.[1];
  if (absent !== undefined) return { unable: `the package ${absent} is not installed` };
  const found = [...result.stdout.matchAll(/^railway\.ts\((\d+),(\d+)\): error (TS\d+: .*)$/gm)].map(
    ([, line, column, message = ""]) => ({ file, line: Number(line), column: Number(column), message }),
  );
  return found.length > 0 ? found : { unable: wordsOf(result) };
}
