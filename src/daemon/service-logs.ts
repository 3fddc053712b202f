import type { LogLine, LogRequest } from "../contract/requests.ts";
import { UserError } from "../core/errors.ts";
import { unitRef } from "../deploy/run.ts";
import type { UnitEndRow, UnitRow } from "../store/tables/unit.ts";
import { unitEnds } from "../store/unit-ends.ts";
import { endedUnits, liveUnits } from "../store/units.ts";
import type { Engine } from "./engine.ts";
import { interleave, lastOf, shareLines } from "./share-lines.ts";

const LOOK_FOR_UNITS_MS = 1_000;
/** Ended processes whose last words are shown; of one release as many as it may have replicas. */
const ENDED = 3;
const ENDED_OF_RELEASE = 20;
/** Of a process that came and went between two looks. */
const MOST_LINES = 5_000;

interface Units {
  live: UnitRow[];
  /** The latest at the end. */
  ended: UnitRow[];
}

/** The last lines of a service: its last ended processes one after another, then the living ones mixed. */
export async function readLogs(engine: Engine, request: LogRequest): Promise<LogLine[]> {
  const { ended, live } = await lastLines(engine, await requireUnits(engine, request), request.lines);
  return [...ended.flat(), ...interleave(live)];
}

/** The last lines, then each new one, also of processes that start later, until the signal aborts. */
export async function followLogs(
  engine: Engine,
  request: LogRequest,
  onLine: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const first = await requireUnits(engine, request);
  const last = await lastLines(engine, first, request.lines);
  const seen = new Set(first.ended.map(({ id }) => id));
  const following = new Map<string, { end: AbortController; gone: boolean }>();
  const begin = (unit: UnitRow, lines: number) => {
    const end = new AbortController();
    seen.add(unit.id);
    following.set(unit.id, { end, gone: false });
    const tell = (line: LogLine) => onLine(described(engine, line, unit));
    const options = { lines, onLine: tell, signal: AbortSignal.any([signal, end.signal]) };
    engine.platform.logs?.follow(unitRef(unit), options).catch(() => {});
  };
  for (const line of last.ended.flat()) onLine(line);
  for (const [index, unit] of first.live.entries()) begin(unit, last.live[index]?.length ?? 0);
  while (!signal.aborted) {
    await engine.clock.sleep(LOOK_FOR_UNITS_MS, signal).catch(() => {});
    if (signal.aborted) return;
    const { live, ended } = await unitsOf(engine, request);
    // One that came and went between two looks.
    const missed = ended.filter(({ id }) => !seen.has(id));
    for (const { id } of missed) seen.add(id);
    for (const line of (await tailsOf(engine, missed, MOST_LINES)).flat()) onLine(line);
    for (const unit of live) if (!seen.has(unit.id)) begin(unit, Number.POSITIVE_INFINITY);
    for (const [id, item] of following) {
      // An ended process is read for one look more, so that its last words are not lost.
      if (item.gone) {
        item.end.abort();
        following.delete(id);
      }
      item.gone = !live.some((unit) => unit.id === id);
    }
  }
}

async function requireUnits(engine: Engine, request: LogRequest): Promise<Units> {
  const units = await unitsOf(engine, request);
  const { service, release } = request;
  if (release === undefined || units.live.length + units.ended.length > 0) return units;
  throw new UserError({
    code: "SM-LOGS-RELEASE",
    message: `no process of ${service} ran the release "${release}"`,
    next: "see stationmaster releases",
  });
}

async function unitsOf(engine: Engine, { service, release }: LogRequest): Promise<Units> {
  const { db } = engine.store;
  const place = { app: engine.manifest.project, env: engine.environment };
  const live = (await liveUnits(db, place)).filter(
    (unit) => unit.service === service && (release === undefined || unit.release === release),
  );
  const limit = release === undefined ? ENDED : ENDED_OF_RELEASE;
  return { live, ended: await endedUnits(db, { ...place, service, release, limit }) };
}

async function lastLines(engine: Engine, { live, ended }: Units, total: number) {
  const found = { ended: await tailsOf(engine, ended, total), live: await tailsOf(engine, live, total) };
  const shares = shareLines(total, {
    ended: found.ended.map(({ length }) => length),
    live: found.live.map(({ length }) => length),
  });
  return {
    ended: found.ended.map((lines, index) => lastOf(lines, shares.ended[index] ?? 0)),
    live: found.live.map((lines, index) => lastOf(lines, shares.live[index] ?? 0)),
  };
}

/** Of each unit its last lines: what was kept of those that are gone, else what the platform still has. */
async function tailsOf(engine: Engine, units: readonly UnitRow[], total: number): Promise<LogLine[][]> {
  const ends = await unitEnds(
    engine.store.db,
    units.map(({ id }) => id),
  );
  return await Promise.all(
    units.map(async (unit) => {
      const end = ends.get(unit.id);
      const lines = end?.lines.length
        ? lastOf(end.lines, total).map((text) => ({ replica: unit.id, text }))
        : await tailOf(engine, unit, total);
      return lines.map((line) => described(engine, line, unit, end));
    }),
  );
}

/** What has ended may have been on a host that is gone. */
async function tailOf({ platform }: Engine, unit: UnitRow, total: number): Promise<LogLine[]> {
  const lines = platform.logs?.tail(unitRef(unit), total) ?? [];
  return unit.state === "stopped" ? await Promise.resolve(lines).catch(() => []) : await lines;
}

function described({ redact }: Engine, { replica, text }: LogLine, unit: UnitRow, end?: UnitEndRow): LogLine {
  const { release, state, address, stoppedAt } = unit;
  return {
    ...{ replica, text: redact(text), release, ended: state === "stopped" },
    ...(address.host === undefined ? {} : { host: address.host }),
    ...(state === "stopped" && stoppedAt ? { endedAt: stoppedAt.toISOString() } : {}),
    ...(end?.exit ? { exit: end.exit } : {}),
  };
}
