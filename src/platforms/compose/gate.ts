import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { ExternalError, PolicyError, UserError } from "../../core/errors.ts";
import { clip, printable } from "../../core/text.ts";
import type { Host, HostProcess, HostRun } from "../../exec/host.ts";
import type { RunResult } from "../../exec/run.ts";
import type { Gate } from "../platform.ts";
import { type GateTimes, holdGate } from "./gate-hold.ts";
import { BUSY, GATE_FILE, GATE_SCRIPT, HELD, REFUSAL, REFUSED } from "./gate-script.ts";

const CALL_MS = 30_000;

/** This process, as others are told who is in their way. Once for all gates: it may re-take what it holds. */
const THIS_HOLDER = `${hostname()}/${process.pid}/${randomBytes(4).toString("hex")}`.replace(/[^\w./-]/g, "_");

export interface HostGate {
  /** The highest generation that was ever held there, 0 where there was none. Changes nothing on the host. */
  generation(key: string, signal?: AbortSignal): Promise<number>;
  /**
   * Holds the gate until `release`. `signal` ends the attempt, not what is held. `PolicyError` `SM-GATE-HELD`: another controller
   * holds it; `UserError` `SM-GATE-SHARED`: this process does, for another host; `SM-GATE-REFUSED`: the generation is not above those that were; `SM-GATE-BUSY`: an older command still runs.
   */
  hold(key: string, generation: number, signal: AbortSignal): Promise<Gate>;
  /** Runs argv while no other generation is in force; else `PolicyError` `SM-GATE-REFUSED` and nothing has run. */
  run(key: string, generation: number, argv: readonly string[], options: HostRun): Promise<RunResult>;
  /** The same for a program that is talked to; `refusalOf` tells whether its end was a refusal. No generation rises while it runs. */
  open(
    key: string,
    generation: number,
    argv: readonly string[],
    options?: { signal?: AbortSignal },
  ): Promise<HostProcess>;
  refusalOf(generation: number, end: { code: number | null; stderr: string }): Error | undefined;
}

const TIMES: GateTimes = { ttlMs: 30_000, pingMs: 10_000, giveUpMs: 20_000, waitMs: 120_000 };

/** The lease on one host, `key` = `<app>-<env>`, in the folder `gate` below `folder` there. */
export function createGate({
  host,
  folder,
  holder = THIS_HOLDER,
  times = TIMES,
}: {
  host: Host;
  folder: string;
  holder?: string;
  times?: GateTimes;
}): HostGate {
  const script = `${folder}/gate/${GATE_FILE}`;
  // With the host: one that has its folder in common with another must not take that one's hold for its own earlier one.
  const self = `${holder}@${host.name}`.replace(/[^\w./@-]/g, "_");
  const base = (key: string) => `${folder}/gate/${key}`;
  let installed: Promise<void> | undefined;

  function install(): Promise<void> {
    installed ??= host.write(script, GATE_SCRIPT, { mode: 0o644, deadlineMs: CALL_MS }).catch((error) => {
      installed = undefined;
      throw error;
    });
    return installed;
  }

  const through = (key: string, generation: number, argv: readonly string[]) => [
    "sh",
    script,
    "run",
    base(key),
    String(generation),
    ...argv,
  ];
  const refusalOf: HostGate["refusalOf"] = (generation, end) =>
    end.code === REFUSED && end.stderr.startsWith(REFUSAL)
      ? refusal({ host: host.name, holder }, generation, end)
      : undefined;

  return {
    async generation(key, signal) {
      const argv = ["sh", "-c", GATE_SCRIPT, "gate", "show", base(key)];
      const result = await host.run(argv, { deadlineMs: CALL_MS, signal });
      if (result.code === 0 && /^\d+\n$/.test(result.stdout)) return Number(result.stdout);
      throw failed(host.name, result.stdout + result.stderr);
    },
    async hold(key, generation, signal) {
      await install();
      const seconds = (ms: number) => String(Math.ceil(ms / 1_000));
      const limits = [seconds(times.ttlMs), seconds(times.waitMs)];
      const argv = ["sh", script, "hold", base(key), String(generation), self, ...limits];
      signal.throwIfAborted();
      return await holdGate(await host.open(argv), {
        host: host.name,
        times,
        signal,
        refusal: (end) => refusal({ host: host.name, holder }, generation, end),
      });
    },
    async run(key, generation, argv, options) {
      await install();
      const result = await host.run(through(key, generation, argv), options);
      const refused = refusalOf(generation, result);
      if (refused) throw refused;
      return result;
    },
    async open(key, generation, argv, options) {
      await install();
      return await host.open(through(key, generation, argv), options);
    },
    refusalOf,
  };
}

/** Why the gate did not open. */
function refusal(
  { host, holder }: { host: string; holder: string },
  generation: number,
  { code, stderr }: { code: number | null; stderr: string },
): Error {
  const said = clip(printable(stderr).trim(), 200);
  if (code === HELD && said.startsWith(`${holder}@`))
    return new UserError({
      code: "SM-GATE-SHARED",
      message: `${host}: its folder is that of another of the hosts, where this command works already`,
      next: "hosts that share a home directory need a `path` in the environment that is on a disk of each one's own",
    });
  if (code === HELD)
    return new PolicyError({
      code: "SM-GATE-HELD",
      message: `${host}: another controller works there${said && ` (${said})`}`,
      next: "wait until it has finished; a dead one is let go after 30 s",
    });
  if (code === REFUSED)
    return new PolicyError({
      code: "SM-GATE-REFUSED",
      message: `${host}: refused generation ${generation}, in force is${said.slice(REFUSAL.length)}`,
      next: "another controller took over; look at the status before you start again",
    });
  if (code === BUSY)
    return new PolicyError({
      code: "SM-GATE-BUSY",
      message: `${host}: a command of an earlier controller still runs`,
      next: "wait for its end, or end it there",
    });
  return failed(host, said || "the connection was lost");
}

function failed(host: string, said: string): ExternalError {
  return new ExternalError({
    code: "SM-GATE-FAILED",
    message: `${host}: the gate does not work: ${clip(printable(said).trim(), 200)}`,
    next: "check that sh, flock (util-linux) and timeout are there, that the folder is ours and that the disk is not full",
  });
}
