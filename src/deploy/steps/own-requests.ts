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
const SERVER_ERROR = 500;

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
    const pair = [candidate, stable].flatMap((units) => inTurn(units.filter(hasPort), turn) ?? []);
    if (pair.length === 2) judge.add(await askBoth(run, pair, path));
    await run.dependencies.clock.sleep(PACE_MS, run.signal);
  }
}

function inTurn<T>(all: readonly T[], turn: number): T | undefined {
  return all[turn % all.length];
}

/** Nothing where one of them could not be asked for a reason of ours: it says nothing about a release. */
async function askBoth(run: Run, units: readonly UnitRow[], path: string): Promise<Answer[]> {
  try {
    const ports = await Promise.all(units.map((unit) => portOf(run, unit)));
    return await Promise.all(units.map((unit, index) => ask(run, unit, `http://127.0.0.1:${ports[index]}${path}`)));
  } catch (error) {
    run.signal.throwIfAborted();
    if (!isKnownError(error)) throw error;
    return [];
  }
}

async function portOf(run: Run, unit: UnitRow): Promise<number | undefined> {
  return (await run.dependencies.platform.reach?.(unitRef(unit), context(run))) ?? unit.address.port;
}

async function ask({ signal }: Run, { id: unit }: UnitRow, url: string): Promise<Answer> {
  const answered = (failed: boolean): Answer => ({ unit, failed, ms: null, own: true });
  try {
    const { statusCode, body } = await request(url, {
      headers: { "user-agent": "stationmaster" },
      reset: true,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    await body.dump();
    return answered(statusCode >= SERVER_ERROR);
  } catch {
    signal.throwIfAborted();
    return answered(true);
  }
}
