import type { SloReport } from "../contract/slo.ts";
import { and, eq, gt, isNull, or } from "../store/drizzle.ts";
import { incident } from "../store/tables/incidents.ts";
import { covered } from "../watch/slo/downtime.ts";
import { jobsOf, type Objective, objectivesOf } from "../watch/slo/objectives.ts";
import { readBurnWindows, readWindow, recentlyFailed } from "../watch/slo/read.ts";
import { sloId, sloStatement, toSloReport } from "../watch/slo/report.ts";
import type { Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";

const WINDOW_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

type Watched = Pick<Watch, "verdicts" | "synthetic" | "say">;

/** Looks at the burn rates and tells where budgets are used up too fast; call it each minute. Rejects while the store is away. */
export async function judgeObjectives(engine: Engine, watch: Watched): Promise<void> {
  const { store, clock, environment } = engine;
  const now = clock.now();
  const objectives = promised(engine, watch);
  const failed = await recentlyFailed(store, now);
  const computed = await watch.synthetic();
  const bad = new Set(computed.filter(({ verdict }) => verdict !== "UP").map(({ id }) => id));
  const affected = objectives.filter(
    ({ name, checkIds }) => checkIds.some((id) => failed.has(id)) || bad.has(sloId(environment, name)),
  );
  const tallies = await readBurnWindows(
    store,
    affected.flatMap(({ checkIds }) => checkIds),
    now,
  );
  for (const objective of affected) await watch.say(sloStatement(environment, objective, tallies(objective.checkIds)));
  const known = new Set(objectives.map(({ name }) => sloId(environment, name)));
  for (const id of bad)
    if (id.startsWith(sloId(environment, "")) && !known.has(id)) await watch.say(noLongerPromised(id));
}

function noLongerPromised(id: string): Parameters<Watch["say"]>[0] {
  const about = { id, service: null, component: "slo", critical: false, everyMs: 60_000 };
  return { ...about, verdict: "UP", class: null, family: "availability", detail: null };
}

function promised({ manifest, environment }: Engine, watch: Pick<Watch, "verdicts">): Objective[] {
  const { services, checks } = manifest;
  return objectivesOf({ environment, services, checks, watched: watch.verdicts() });
}

/** How the objectives are kept over 30 days. */
export async function readObjectives(engine: Engine, watch: Pick<Watch, "verdicts" | "list">): Promise<SloReport[]> {
  const { store, clock } = engine;
  const now = clock.now();
  const objectives = promised(engine, watch);
  const ids = objectives.flatMap(({ checkIds }) => checkIds);
  const tallies = await readBurnWindows(store, ids, now);
  const totals = await readWindow(store, { ids, windowMs: WINDOW_DAYS * DAY_MS, now });
  const everyMs = new Map((await watch.list()).map((check) => [check.id, check.everyMs]));
  const reports: SloReport[] = [];
  for (const objective of objectives) {
    const mine = new Set(objective.checkIds);
    reports.push(
      toSloReport(objective, {
        ...{ now, everyMs, windowDays: WINDOW_DAYS, tallies: tallies(objective.checkIds) },
        totals: totals.filter(({ checkId }) => mine.has(checkId)),
        downtimeMs: objective.name === objective.service ? await downtime(engine, objective.service, now) : null,
      }),
    );
  }
  return reports;
}

/**
 * Milliseconds in which an incident of the service itself was open; alerts on burn rates are no outage of their own, nor are jobs that are
 * late, which do not count in the objective either.
 */
async function downtime(engine: Engine, service: string, now: number): Promise<number> {
  const { store, manifest, environment } = engine;
  const isWorker = manifest.services[service]?.kind === "worker";
  const jobs = isWorker ? new Set<string>() : jobsOf({ environment, checks: manifest.checks });
  const since = new Date(now - WINDOW_DAYS * DAY_MS);
  const rows = await store.db
    .select({
      onset: incident.onset,
      mitigatedAt: incident.mitigatedAt,
      resolvedAt: incident.resolvedAt,
      state: incident.state,
      component: incident.component,
      members: incident.members,
    })
    .from(incident)
    .where(
      and(
        ...[eq(incident.app, manifest.project), eq(incident.environment, environment), eq(incident.service, service)],
        or(isNull(incident.resolvedAt), gt(incident.resolvedAt, since)),
      ),
    );
  const intervals = rows
    .filter(({ state, component, members }) => {
      const failed = Object.keys(members as object);
      const counts = failed.length === 0 || failed.some((id) => !jobs.has(id));
      return state !== "suspect" && component !== "slo" && counts;
    })
    .map(({ onset, mitigatedAt, resolvedAt }) => ({
      start: onset.getTime(),
      end: (mitigatedAt ?? resolvedAt)?.getTime() ?? null,
    }));
  return covered(intervals, since.getTime(), now);
}
