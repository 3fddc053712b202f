import type { RollbackRequest } from "../contract/requests.ts";
import type { Rollout, TrafficView } from "../contract/rollout.ts";
import { readAnalysis } from "../deploy/analysis/read.ts";
import { thisHolder } from "../deploy/holder.ts";
import { isEmpty } from "../deploy/plan.ts";
import { currentRelease } from "../deploy/request.ts";
import { restartService } from "../deploy/restart.ts";
import { requireRollout } from "../deploy/stored.ts";
import type { Alerts } from "../incidents/alerts/alerts.ts";
import type { Incidents } from "../incidents/incidents.ts";
import type { Silences } from "../incidents/silences/silences.ts";
import type { Outbox } from "../notify/outbox.ts";
import { readLedger, verifyLedger } from "../store/ledger.ts";
import { keptReleases } from "../store/releases.ts";
import { listRollouts, readJournal, toJournalEntry, toSummary } from "../store/rollouts.ts";
import type { Watch } from "../watch/watch.ts";
import { approvalsOf } from "./approvals.ts";
import { type Background, inBackground } from "./background.ts";
import { checkUseCases } from "./check-usecases.ts";
import { plannedContract } from "./contract.ts";
import { devopsUseCases } from "./devops/devops.ts";
import { examine } from "./doctor.ts";
import type { Engine } from "./engine.ts";
import { healUseCases } from "./heal-usecases.ts";
import { type Heartbeats, heartbeatUseCases } from "./heartbeats.ts";
import { historyUseCases } from "./history.ts";
import { holdUseCases } from "./holds.ts";
import { incidentUseCases, requireService } from "./incident-usecases.ts";
import { readMigrationHistory } from "./migration-history.ts";
import { reportMigrations } from "./migrations.ts";
import { notifyUseCases } from "./notify-usecases.ts";
import { followPartLogs, isPart, readPartLogs } from "./part-logs.ts";
import type { Planned } from "./planned.ts";
import { previewUseCases } from "./preview-orders.ts";
import type { Previews } from "./previews.ts";
import { publicUseCases } from "./public-usecases.ts";
import { emptyQueue, queueDeploy, queuedDeploy, unqueueDeploy } from "./queue.ts";
import { reportUseCases } from "./reports/report-usecases.ts";
import { repositoryUseCases } from "./repository.ts";
import { inItsPlace, plannedDeploy, plannedRollback } from "./rollouts.ts";
import { followLogs, readLogs } from "./service-logs.ts";
import { listSilences, silenceUseCases } from "./silences.ts";
import { readStatus } from "./status.ts";
import { toTrafficView } from "./traffic-view.ts";
import type { UseCases } from "./usecases.ts";
import { vouch } from "./vouch.ts";

const RESTART_DEADLINE_MS = 10 * 60_000;
const RECENT_MS = 24 * 3_600_000;

export interface LocalOptions extends Background {
  engine: Engine;
  watch: Watch;
  incidents: Incidents;
  alerts: Alerts;
  silences: Silences;
  previews: Previews;
  heartbeats: Heartbeats;
  /** Undefined where nothing is sent. */
  outbox: Outbox | undefined;
  daemon(): { running: boolean; pid: number | null; url: string | null; startedAt: string | null };
  /** Takes over what the manifest says apart from services: its checks. */
  refresh?(): Promise<void>;
  /** Aborts when this process stops. */
  stopping?: AbortSignal;
}

/** The use cases, done in this process. */
export function createUseCases({
  engine,
  watch,
  incidents,
  alerts,
  silences,
  previews,
  heartbeats,
  outbox,
  daemon,
  onBackgroundError,
  wake,
  refresh,
  stopping = new AbortController().signal,
  track,
}: LocalOptions): UseCases {
  const { store } = engine;
  const app = engine.manifest.project;
  const environment = engine.environment;

  async function background(planned: Planned) {
    return toSummary(await inBackground(engine, planned, { onBackgroundError, wake, track }));
  }

  async function changed(id: string, action: "promote" | "abort", actor: string) {
    await engine.audit({ actor, action: `rollout.${action}`, subject: id, detail: {} });
    return toSummary(await requireRollout(engine.deploy, id));
  }

  async function traffic(id: string): Promise<TrafficView[]> {
    const row = await requireRollout(engine.deploy, id);
    const views: TrafficView[] = [];
    const analysis = await readAnalysis(store, row);
    const { read, glance = read } = engine.platform.traffic;
    const isSpread = (engine.platform.hosts?.().length ?? 1) > 1;
    for (const { service } of row.plan.services) {
      const view = await glance({ app, environment: row.env, service }, { signal: AbortSignal.timeout(10_000) });
      if (view) views.push({ ...toTrafficView(service, view, { isSpread }), analysis: analysis[service] });
    }
    return views;
  }

  async function rollback(request: RollbackRequest, actor: string) {
    const begun = await background(await plannedRollback(engine, request, actor));
    // Who goes back does not want what was to come after.
    await emptyQueue(engine, actor);
    return begun;
  }

  async function restart(service: string, actor: string) {
    requireService(engine, service);
    await restartService(engine.deploy, {
      ...{ environment, service, which: "all" },
      // One that is refused changed nothing, and is no cause of what fails next.
      begin: () => engine.audit({ actor, action: "service.restart", subject: service, detail: { environment } }),
      signal: AbortSignal.any([stopping, AbortSignal.timeout(RESTART_DEADLINE_MS)]),
    });
    engine.bus.emit({ type: "status" });
  }

  const usecases: UseCases = {
    status: async () => {
      const shown = await incidents.list({ state: "unclosed", resolvedSince: Date.now() - RECENT_MS, limit: 50 });
      const queued = await queuedDeploy(engine);
      const hushed = listSilences(engine, { watch, silences });
      const checks = await watch.list();
      return await readStatus({ engine, checks, incidents: shown, silences: hushed, queued, daemon: daemon() });
    },
    ...checkUseCases(engine, watch, () => daemon().running),
    ...historyUseCases(engine, watch),
    ...incidentUseCases(engine, incidents),
    ...healUseCases({ engine, watch, incidents }, { restart, rollback }),
    ...notifyUseCases(engine, incidents),
    ...reportUseCases(engine, { watch, outbox, url: () => daemon().url, ask: () => usecases }),
    ...silenceUseCases(engine, { watch, silences }),
    rollouts: async (limit) => (await listRollouts(store.db, { app, env: environment, limit })).map(toSummary),
    rollout: async (id): Promise<Rollout> => {
      const row = await requireRollout(engine.deploy, id);
      return {
        ...toSummary(row),
        plan: row.plan,
        failure: row.failure,
        journal: (await readJournal(store.db, id)).map(toJournalEntry),
      };
    },
    traffic,
    plan: async (request, actor) => (await plannedDeploy(engine, request, actor)).plan,
    planRollback: async (request) => (await plannedRollback(engine, request, "plan")).plan,
    deploy: async (request, actor) => {
      const planned = await plannedDeploy(engine, request, actor);
      // No rollout will follow after which the checks would be taken over.
      if (isEmpty(planned.plan)) {
        engine.adopt(planned.project);
        await refresh?.();
      }
      return await inItsPlace(engine, planned, () => background(planned));
    },
    migrations: (request, actor) => reportMigrations(engine, request, actor),
    migrationHistory: () => readMigrationHistory(engine),
    planContract: async (request, actor) => (await plannedContract(engine, request, actor)).plan,
    contract: async (request, actor) => await background(await plannedContract(engine, request, actor)),
    queueDeploy: async (request, actor) =>
      await queueDeploy(engine, { request, actor, holder: daemon().running ? null : await thisHolder() }),
    queued: async () => (await queuedDeploy(engine)) ?? null,
    unqueue: (actor, id) => unqueueDeploy(engine, actor, id),
    vouch: (request, actor) => vouch(engine, request, actor),
    approvals: () => approvalsOf(engine),
    ...heartbeatUseCases(engine, { heartbeats, url: () => daemon().url }),
    ...devopsUseCases(engine),
    ...publicUseCases(engine, { watch, incidents, alerts, onBackgroundError }),
    ...holdUseCases(engine),
    ...previewUseCases(engine, previews, { inDaemon: daemon().running, onBackgroundError, track }),
    rollback,
    promote: async (id, actor) => {
      await engine.deployer.promote(id, actor);
      return await changed(id, "promote", actor);
    },
    abort: async (id, actor) => {
      await engine.deployer.abort(id, actor);
      return await changed(id, "abort", actor);
    },
    releases: async () => {
      const current = await currentRelease(engine);
      const rollouts = await listRollouts(store.db, { app, env: environment, limit: 200 });
      return (await keptReleases(store.db, app)).map(({ name, commit, createdAt, services }) => ({
        name,
        commit,
        createdAt: createdAt.toISOString(),
        services: Object.keys(services),
        current: name === current?.name,
        served: rollouts.some(({ release, state }) => release === name && state === "SUCCEEDED"),
        state: rollouts.find(({ release }) => release === name)?.state ?? null,
      }));
    },
    logs: async (request) => {
      if (await isPart(engine, request.service)) return await readPartLogs(engine, request);
      requireService(engine, request.service);
      return await readLogs(engine, request);
    },
    followLogs: async (request, onLine, signal) => {
      if (await isPart(engine, request.service)) return await followPartLogs(engine, request, onLine, signal);
      requireService(engine, request.service);
      await followLogs(engine, request, onLine, signal);
    },
    restart,
    audit: async (limit) =>
      (await readLedger(store.db, limit)).map(({ seq, at, actor, action, subject, detail }) => ({
        seq,
        at: at.toISOString(),
        actor,
        action,
        subject,
        detail,
      })),
    verifyAudit: async () => {
      const verdict = await verifyLedger(store.db);
      return verdict.intact ? { ...verdict, brokenAt: null, why: null } : { ...verdict, head: null };
    },
    doctor: () => examine(engine, daemon()),
    ...repositoryUseCases(engine, { clock: engine.clock, stopping }),
    subscribe: (listener) => engine.bus.subscribe(listener),
  };
  return usecases;
}
