import { request } from "undici";
import { isKnownError } from "../../core/errors.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { settingsOf } from "../analysis/settings.ts";
import type { Answer } from "../analysis/state.ts";
import { context, type Run, sides, unitRef } from "../run.ts";
import { judgesOf } from "./judges.ts";
import { hasPort } from "./traffic.ts";

/** Five a second to each side at most. */
const PACE_MS = 200;
const ANSWER_MS = 5_000;
const CLIENT_ERROR = 400;
const SERVER_ERROR = 500;
const NO_ANSWER = 599;

/**
 * Does the work while both releases of each judged service get the same GET requests from us, past the proxy, so that nobody
 * counts them twice. Ends with the work.
 */
export async function withOwnRequests<T>(run: Run, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const part = { ...run, signal: AbortSignal.any([run.signal, over.signal]) };
  const services = Object.entries(settingsOf(run.plan).requests);
  const sending = Promise.all(services.map(([service, paths]) => send(part, service, paths))).catch(
    (error: unknown) => {
      if (!over.signal.aborted) throw error;
    },
  );
  // Waited for below; until then nobody listens.
  sending.catch(() => {});
  try {
    return await work();
  } finally {
    over.abort();
    await sending;
  }
}

async function send(run: Run, service: string, paths: readonly string[]): Promise<void> {
  const judge = (await judgesOf(run)).get(service);
  for (let turn = 0; judge; turn++) {
    const { candidate, stable } = await sides(run, service);
    const path = inTurn(paths, turn) ?? "/";
    const reached = ({ address }: UnitRow) => address.host === undefined || !run.lost.has(address.host);
    const [fresh, old] = [candidate, stable].map((units) => inTurn(units.filter(hasPort).filter(reached), turn));
    if (fresh && old) judge.add(await askBoth(run, { fresh, old }, path));
    await run.dependencies.clock.sleep(PACE_MS, run.signal);
  }
}

function inTurn<T>(all: readonly T[], turn: number): T | undefined {
  return all[turn % all.length];
}

/**
 * Nothing where it says nothing about the new release: one of them could not be asked for a reason of ours, or the old one does not
 * serve that path, or it fails on both.
 */
async function askBoth(run: Run, { fresh, old }: { fresh: UnitRow; old: UnitRow }, path: string): Promise<Answer[]> {
  try {
    const [port, oldPort] = await Promise.all([portOf(run, fresh), portOf(run, old)]);
    const [status, known] = await Promise.all([ask(run, port, path), ask(run, oldPort, path)]);
    const [failed, failedBefore] = [status >= SERVER_ERROR, known >= SERVER_ERROR];
    if (failedBefore ? failed : known >= CLIENT_ERROR) return [];
    return [
      { unit: fresh.id, failed, ms: null, own: true },
      { unit: old.id, failed: failedBefore, ms: null, own: true },
    ];
  } catch (error) {
    run.signal.throwIfAborted();
    if (!isKnownError(error)) throw error;
    return [];
  }
}

async function portOf(run: Run, unit: UnitRow): Promise<number | undefined> {
  return (await run.dependencies.platform.reach?.(unitRef(unit), context(run))) ?? unit.address.port;
}

/** The status of its answer. */
async function ask({ signal }: Run, port: number | undefined, path: string): Promise<number> {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, {
      headers: { "user-agent": "stationmaster" },
      reset: true,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    await body.dump();
    return statusCode;
  } catch {
    signal.throwIfAborted();
    return NO_ANSWER;
  }
}
