import type { Host, HostRun } from "../../../exec/host.ts";
import type { RunResult } from "../../../exec/run.ts";
import { dockerError } from "./errors.ts";

/** How long a call may take that only asks or changes something small, in milliseconds. */
export const QUICK_MS = 30_000;

/** What a call is for, in the words of an error: `start shop-web-1`. */
export interface Call extends Partial<HostRun> {
  step: string;
}

/** The docker client of one host. */
export interface Docker {
  host: Host;
  /** The argv of a docker command there. */
  argv(args: readonly string[]): string[];
  /** Its output; `ExternalError` (`SM-DOCKER-…`, `SM-IMAGE-…`) naming host and step when it fails. */
  call(args: readonly string[], call: Call): Promise<string>;
  /** The same where failing is an answer too. Rejects when there is no docker or it does not answer. */
  ask(args: readonly string[], call: Call): Promise<RunResult>;
}

/** `prefix` is how docker is called there, such as `["sudo", "-n", "docker"]`. */
export function createDocker(host: Host, prefix: readonly string[] = ["docker"]): Docker {
  const argv = (args: readonly string[]) => [...prefix, ...args];
  const run = async (args: readonly string[], { step: _, ...options }: Call) =>
    await host.run(argv(args), { deadlineMs: QUICK_MS, ...options });
  const failed = (step: string, { code, stderr, stdout }: RunResult) =>
    dockerError({ host: host.name, step, code, printed: stderr || stdout });

  return {
    host,
    argv,
    async call(args, call) {
      const result = await run(args, call);
      if (result.code !== 0) throw failed(call.step, result);
      return result.stdout;
    },
    async ask(args, call) {
      const result = await run(args, call);
      const error = result.code === 0 ? undefined : failed(call.step, result);
      if (error && /^SM-DOCKER-(?:MISSING|DENIED|DOWN)$/.test(error.code)) throw error;
      return result;
    },
  };
}

/** Lines of JSON, as `--format '{{json .}}'` prints them. */
export function jsonLines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): unknown => JSON.parse(line));
}
