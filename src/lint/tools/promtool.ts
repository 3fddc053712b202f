import type { RunResult } from "../../exec/run.ts";
import { baseOf, folderOf } from "../../formats/tree.ts";
import type { FileKind } from "../kinds.ts";
import { type Tool, type ToolComplaint, wordsOf } from "./tool.ts";

const COMMANDS: Partial<Record<FileKind, readonly string[]>> = {
  "prometheus-rules": ["check", "rules"],
  "prometheus-tests": ["test", "rules"],
  // The files it names lie where Prometheus runs.
  prometheus: ["check", "config", "--syntax-only"],
};

/** `promtool`: rules, their unit tests, configurations. */
export const promtool: Tool = {
  id: "promtool",
  program: "promtool",
  targets: ({ files }) =>
    files.flatMap(({ path, kind }) => {
      const command = COMMANDS[kind];
      if (!command) return [];
      return [
        { path, argv: [...command, baseOf(path)], cwd: folderOf(path), read: (result) => complaintsOf(path, result) },
      ];
    }),
};

function complaintsOf(file: string, result: RunResult): ToolComplaint[] {
  if (result.code === 0) return [];
  const text = wordsOf(result)
    .replace(/^(?:Checking|Unit Testing:)\s+\S+\s*/, "")
    .replace(/^FAILED:\s*/, "");
  const place = /(?::\s*|^)(\d+):(\d+):/.exec(text) ?? /\bline (\d+):/.exec(text);
  return [
    {
      file,
      line: Number(place?.[1] ?? 1),
      column: Number(place?.[2] ?? 1),
      message: text === "" ? "promtool refuses it" : text,
    },
  ];
}
