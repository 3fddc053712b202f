import { changesSince } from "../../audit/compare.ts";
import { dayIn } from "../../audit/day.ts";
import {
  type Place,
  readIncidentFigures,
  readLastPassed,
  readNoisiest,
  readStoreBytes,
  type Span,
} from "../../audit/figures.ts";
import { unwatchedOf } from "../../audit/unwatched.ts";
import { AuditReport, type Drill } from "../../contract/report.ts";
import { channelFigures } from "../../notify/read.ts";
import { drillsSince, findReport, lastChannelTests } from "../../store/reports.ts";
import { readTotals } from "../../watch/history.ts";
import { channelConfigs } from "../channels.ts";
import { readActionItems } from "./action-items.ts";
import { lookAtDomains } from "./domains.ts";
import { toDrill } from "./rows.ts";
import { checksOf, type SeenCheck, type Sources } from "./sources.ts";
import { lookAtDashboards, lookAtHealth } from "./surfaces.ts";

const DAY_MS = 24 * 3_600_000;
const LONG_MS = 90 * DAY_MS;
const OLD_SILENCE_MS = 7 * DAY_MS;
const WORST = 5;
const LOG_LINES = 100;

/** The audit of a week, over the span that it looks back on. */
export async function gatherAudit(sources: Sources, week: string, span: Span): Promise<AuditReport> {
  const { engine, watch, ask } = sources;
  const { store, manifest, environment, clock } = engine;
  const place = { app: manifest.project, environment };
  const now = clock.now();
  const iso = (at: number) => new Date(at).toISOString();
  const checks = await checksOf(sources);
  const { all, acted, detect, acknowledge, restore } = await readIncidentFigures(store.db, place, span);
  const drills = (await drillsSince(store.db, place, new Date(now - LONG_MS))).map(toDrill);
  const { logs, unread } = await lookAtLogs(sources);
  const { unmeasured: noEnds, ...domains } = await lookAtDomains(engine);
  const { unmeasured: noHealth, ...health } = lookAtHealth(checks);
  const { unmeasured: noPages, ...dashboards } = await lookAtDashboards((await ask.status()).daemon.url);
  const found: Omit<AuditReport, "changes"> = {
    ...{ kind: "audit", project: manifest.project, environment, week },
    ...{ from: iso(span.from), until: iso(span.until), at: iso(now) },
    incidents: { all, acted, precision: all === 0 ? null : acted / all },
    noisiest: await readNoisiest(store.db, place, span),
    ...{ detect, acknowledge, restore },
    healing: (await ask.healingFigures(Math.max(1, Math.ceil((now - span.from) / DAY_MS)))).total,
    ...(await lookAtRuns(sources, { checks, drills, span, now })),
    unwatched: unwatchedOf(manifest.services, checks),
    silences: (await ask.silences()).flatMap(({ id, author, reason, from, active }) =>
      active && from !== null && now - Date.parse(from) > OLD_SILENCE_MS ? [{ id, author, reason, from }] : [],
    ),
    actionItems: await readActionItems(store.db, { ...place, overdueOn: dayIn("UTC", now) }),
    canaries: await lookAtCanaries(sources, checks),
    certificates: checks.flatMap(({ id, lastResult }) => {
      const end = lastResult?.facts.notAfter;
      return end === undefined ? [] : [{ check: id, expiresAt: iso(end * 1_000) }];
    }),
    ...domains,
    ...health,
    ...dashboards,
    drills: [...new Set(checks.map(({ type }) => type))].sort().map((type) => ({
      type,
      last: drills.find((drill) => drill.type === type) ?? null,
    })),
    channels: await lookAtChannels(sources, place),
    logs,
    storeBytes: await readStoreBytes(store),
    latenessP99Ms: watch.figures().latenessP99,
    unmeasured: [...noHealth, ...noEnds, ...noPages, ...unread],
  };
  const before = await findReport(store.db, { ...place, kind: "audit", before: week });
  return { ...found, changes: changesSince(found, AuditReport.safeParse(before).data) };
}

async function lookAtRuns(
  { engine: { store } }: Sources,
  { checks, drills, span, now }: { checks: readonly SeenCheck[]; drills: readonly Drill[]; span: Span; now: number },
): Promise<Pick<AuditReport, "neverFailed" | "unknown">> {
  const ids = checks.map(({ id }) => id);
  const long = await readTotals(store, { ids, since: now - LONG_MS, grain: "hour" });
  const drilled = new Set(drills.filter(({ outcome }) => outcome !== "not-detected").map(({ check }) => check));
  const recent = await readTotals(store, { ids, since: span.from, grain: "hour" });
  const shares = recent
    .map(({ checkId, ok, slow, fail, unknown }) => ({ check: checkId, unknown, runs: ok + slow + fail + unknown }))
    .filter(({ runs }) => runs > 0);
  const runs = shares.reduce((sum, item) => sum + item.runs, 0);
  const unknown = shares.reduce((sum, item) => sum + item.unknown, 0);
  return {
    neverFailed: long
      .filter(({ checkId, ok, slow, fail }) => fail === 0 && ok + slow > 0 && !drilled.has(checkId))
      .map(({ checkId, since }) => ({ check: checkId, since: new Date(since).toISOString() })),
    unknown: {
      share: runs === 0 ? null : unknown / runs,
      worst: shares
        .filter((item) => item.unknown > 0)
        .map((item) => ({ check: item.check, share: item.unknown / item.runs }))
        .sort((a, b) => b.share - a.share)
        .slice(0, WORST),
    },
  };
}

async function lookAtCanaries({ engine: { store } }: Sources, checks: readonly SeenCheck[]) {
  const ids = checks.filter(({ type }) => type === "steps").map(({ id }) => id);
  const passed = await readLastPassed(store.db, ids);
  return ids.map((check) => {
    const at = passed.get(check);
    return { check, passedAt: at === undefined ? null : new Date(at).toISOString() };
  });
}

async function lookAtChannels({ engine }: Sources, { app }: Place): Promise<AuditReport["channels"]> {
  const { store, clock } = engine;
  const tests = await lastChannelTests(store.db, app);
  const figures = await channelFigures(store.db, { app, now: clock.now() });
  return Object.keys(channelConfigs(engine)).map((channel) => {
    const test = tests.find((item) => item.channel === channel);
    const { lastSuccessAt = null, lastError = null } = figures.find((item) => item.channel === channel) ?? {};
    return {
      channel,
      testedAt: test?.at.toISOString() ?? null,
      accepted: test?.accepted ?? null,
      deliveredAt: lastSuccessAt === null ? null : new Date(lastSuccessAt).toISOString(),
      error: test?.error ?? lastError,
    };
  });
}

/** How many of the last lines of each service are JSON objects; `unread` are services that nobody could ask. */
async function lookAtLogs({ engine, ask }: Sources) {
  const logs: AuditReport["logs"] = [];
  const unread: AuditReport["unmeasured"] = [];
  for (const service of Object.keys(engine.manifest.services)) {
    const what = `log structure of ${service}`;
    const lines = await ask.logs({ service, lines: LOG_LINES }).catch(() => null);
    if (lines === null) unread.push({ what, why: "its logs could not be read" });
    else if (lines.length === 0) unread.push({ what, why: "it has written nothing" });
    else logs.push({ service, lines: lines.length, json: lines.filter(({ text }) => isJsonObject(text)).length });
  }
  return { logs, unread };
}

function isJsonObject(text: string): boolean {
  if (!text.trimStart().startsWith("{")) return false;
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}
