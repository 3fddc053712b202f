import { z } from "zod";
import type { LogLine } from "../../../contract/requests.ts";
import type { UnitExit } from "../../../contract/unit-exit.ts";
import { type Docker, jsonLines } from "./client.ts";
import { exitOf, type UnitState } from "./inspect.ts";
import { tailLogs } from "./logs.ts";

const Event = z.object({
  Action: z.string(),
  Actor: z.object({ Attributes: z.object({ exitCode: z.coerce.number().default(0) }) }),
  /** Nanoseconds, as precise as a number of JSON is. */
  timeNano: z.number(),
});
export type Event = z.output<typeof Event>;

/** The engine waits longer than that before it starts a container again; its last lines may come a little after its end. */
const AFTER_MS = 50;

/**
 * How a container ended the first time, and its last lines until then; undefined where it never did, or long ago: the engine
 * remembers a few hundred events. Where it has forgotten the first it may be a later end, whose lines have earlier runs too.
 */
export async function firstEnd(
  docker: Docker,
  { id, createdAt, startedAt, lastExit, restarts, memoryLimit }: UnitState,
  lines: number,
  signal?: AbortSignal,
): Promise<{ exit: UnitExit; lines: LogLine[] } | undefined> {
  const found =
    restarts > 0 && startedAt ? firstOf(await endsBetween(docker, id, createdAt, startedAt, signal)) : undefined;
  if (found) {
    const exit = exitOf(found.code, { outOfMemory: found.outOfMemory, memoryLimit });
    return { exit, lines: await tailLogs(docker, id, lines, signal, String(found.atMs / 1_000)) };
  }
  return lastExit ? { exit: lastExit, lines: await tailLogs(docker, id, lines, signal) } : undefined;
}

/** Until the start of its last run, as the engine tells the times: one that is not over yet would be waited for. */
async function endsBetween(docker: Docker, id: string, since: string, until: string, signal?: AbortSignal) {
  const filters = [`container=${id}`, "event=die", "event=oom"].flatMap((filter) => ["--filter", filter]);
  const args = ["events", "--since", since, "--until", until, ...filters, "--format", "{{json .}}"];
  const text = await docker.call(args, { step: `ask what became of ${id}`, signal });
  return jsonLines(text).map((line) => Event.parse(line));
}

/** The first end among the events of a container: its code, whether memory ran out before it, and when its run was over. */
export function firstOf(events: readonly Event[]): { code: number; outOfMemory: boolean; atMs: number } | undefined {
  const at = events.findIndex(({ Action }) => Action === "die");
  const die = events[at];
  if (!die) return undefined;
  const outOfMemory = events.slice(0, at).some(({ Action }) => Action === "oom");
  return { code: die.Actor.Attributes.exitCode, outOfMemory, atMs: Math.ceil(die.timeNano / 1e6) + AFTER_MS };
}
