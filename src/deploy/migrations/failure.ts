import { ExternalError } from "../../core/errors.ts";
import { clip } from "../../core/text.ts";

const LINES = 30;
const SHOWN = 300;

/** A migration that failed, with the last lines of what its tool said, redacted. */
export class MigrationFailure extends ExternalError {
  readonly output: string[];

  constructor(detail: { code: string; message: string; next: string; output: string[]; cause?: unknown }) {
    super(detail);
    this.output = detail.output;
  }
}

/** The last lines that say something. */
export function lastLines(output: string): string[] {
  return output
    .split("\n")
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-LINES);
}

/** Also as Ruby writes it: `reason (PG::ConnectionBad)`. */
const REASON = /(?:error|exception|fatal):\s|\((?:[A-Z]\w*::)+\w+\)/i;
const TRACE = /^\s+(?:from|at|File) /;

/** The line of a failed program that names the reason best: the last that reads `SomeError: reason`, else the last that is not a trace. */
export function reasonIn(output: string): string | undefined {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !TRACE.test(line));
  const best = lines.findLast((line) => REASON.test(line)) ?? lines.at(-1);
  return best && clip(best.trim(), SHOWN);
}
