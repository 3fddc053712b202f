import { dayIn, minuteIn } from "../../audit/day.ts";
import type { DailyReport } from "../../contract/report.ts";
import type { Status } from "../../contract/status.ts";
import { formatDuration } from "../../core/duration.ts";
import { emptyHistogram, mergeHistograms, quantile } from "../../core/histogram.ts";
import { dailyTime } from "../../core/recurrence.ts";
import { listRollouts } from "../../store/rollouts.ts";
import { uptimeOf } from "../../watch/buckets.ts";
import { readHistograms, readTotals } from "../../watch/history.ts";
import { checksOf, type SeenCheck, type Sources } from "./sources.ts";

const DAY_MS = 24 * 3_600_000;
const MOST_ROLLOUTS = 500;

/** How the environment stands at this moment, with figures of the last 24 h; what nobody measured is null. */
export async function gatherDaily(sources: Sources): Promise<DailyReport> {
  const { engine, ask } = sources;
  const { manifest, environment, clock } = engine;
  const now = clock.now();
  const zone = dailyTime(manifest.reports.daily?.at ?? "")?.zone ?? "UTC";
  const status = await ask.status();
  const checks = await checksOf(sources);
  const used = status.services.flatMap(({ resources }) => resources ?? []);
  const sum = (values: number[]) => (values.length === 0 ? null : values.reduce((total, value) => total + value, 0));
  return {
    ...{ kind: "daily", project: manifest.project, environment, zone, date: dayIn(zone, now) },
    at: new Date(now).toISOString(),
    deployments: {
      ...(await deploymentsToday(sources, { zone, now })),
      versions: status.services.map(({ name, release }) => ({ service: name, release })),
      ...(await runsOfDay(sources, checks, now)),
    },
    resources: {
      cpuPercent: sum(used.map(({ cpuPercent }) => cpuPercent)),
      memoryBytes: sum(used.map(({ memoryBytes }) => memoryBytes)),
      ...storesOf(checks),
    },
    alerts: status.incidents.map(({ id, severity, service, symptom, state }) => ({
      ...{ id, severity, service, symptom, state },
    })),
    maintenance: plannedOf(status, zone),
  };
}

async function deploymentsToday({ engine }: Sources, { zone, now }: { zone: string; now: number }) {
  const { store, manifest, environment } = engine;
  const rollouts = await listRollouts(store.db, { app: manifest.project, env: environment, limit: MOST_ROLLOUTS });
  const today = dayIn(zone, now);
  const mine = rollouts.filter(({ startedAt }) => dayIn(zone, startedAt.getTime()) === today);
  return {
    today: mine.length,
    failedToday: mine.filter(({ state }) => ["FAILED", "ROLLED_BACK"].includes(state)).length,
  };
}

async function runsOfDay({ engine: { store } }: Sources, checks: readonly SeenCheck[], now: number) {
  const since = now - DAY_MS;
  const totals = await readTotals(store, { ids: checks.map(({ id }) => id), since, grain: "minute" });
  const total = totals.reduce(
    (all, { ok, slow, fail }) => ({ ok: all.ok + ok, slow: all.slow + slow, fail: all.fail + fail }),
    { ok: 0, slow: 0, fail: 0 },
  );
  const asked = checks.filter(({ type }) => type === "http").map(({ id }) => id);
  const histograms = await readHistograms(store, { ids: asked, since, except: [] });
  return {
    uptime: uptimeOf(total),
    p95Ms: quantile([...histograms.values()].reduce(mergeHistograms, emptyHistogram), 0.95),
  };
}

/** What the checks of stores saw last. */
function storesOf(checks: readonly SeenCheck[]): Pick<DailyReport["resources"], "databases" | "redis"> {
  const seen = checks.map(({ id, lastResult }) => ({ name: id, facts: lastResult?.facts ?? {} }));
  return {
    databases: seen.flatMap(({ name, facts: { connections, connectionsMost } }) =>
      connections === undefined || connectionsMost === undefined ? [] : [{ name, connections, most: connectionsMost }],
    ),
    redis: seen.flatMap(({ name, facts: { memoryUsed } }) =>
      memoryUsed === undefined ? [] : [{ name, memoryBytes: memoryUsed }],
    ),
  };
}

function plannedOf({ silences = [], freezes = [] }: Status, zone: string): DailyReport["maintenance"] {
  const moment = (iso: string) => minuteIn(zone, Date.parse(iso));
  const until = (end: string | null) => (end === null ? "until it is ended" : `until ${moment(end)} ${zone}`);
  return [
    ...silences
      .filter(({ kind }) => kind === "maintenance")
      .map(({ reason, from, until: end, recurrence }) => ({
        what: reason,
        when: recurrence
          ? `${recurrence.cron} (${recurrence.zone}) for ${formatDuration(recurrence.durationMs)}`
          : `${from === null ? "now" : moment(from)} ${until(end)}`,
      })),
    ...freezes.map(({ reason, from, until: end }) => ({
      what: `no deployments: ${reason}`,
      when: `${moment(from)} ${until(end)}`,
    })),
  ];
}
