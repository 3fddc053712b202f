import type { Rollout, TrafficView } from "../contract/rollout.ts";
import { UserError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { readAnalysis } from "../deploy/analysis/read.ts";
import { requireRollout } from "../deploy/deployer.ts";
import { isEmpty } from "../deploy/plan.ts";
import { currentRelease } from "../deploy/request.ts";
import { restartService } from "../deploy/restart.ts";
import type { Incidents } from "../incidents/incidents.ts";
import type { MemberFigures, RouteView } from "../platforms/platform.ts";
import { readLedger, verifyLedger } from "../store/ledger.ts";
import { keptReleases } from "../store/releases.ts";
import { listRollouts, readJournal, toJournalEntry, toSummary } from "../store/rollouts.ts";
import type { Watch } from "../watch/watch.ts";
import { type Background, inBackground } from "./background.ts";
import { plannedContract } from "./contract.ts";
import { examine } from "./doctor.ts";
import type { Engine } from "./engine.ts";
import { holdUseCases } from "./holds.ts";
import { reportMigrations } from "./migrations.ts";
import type { Planned } from "./planned.ts";
import { previewUseCases } from "./preview-orders.ts";
import type { Previews } from "./previews.ts";
import { queueDeploy, toQueued, type WishQueue } from "./queue.ts";
import { plannedDeploy, plannedRollback } from "./rollouts.ts";
import { followLogs, readLogs } from "./service-logs.ts";
import { readStatus } from "./status.ts";
import type { UseCases } from "./usecases.ts";
import { vouch } from "./vouch.ts";

const RESTART_DEADLINE_MS = 10 * 60_000;
const WINDOWS = { "1h": 3_600_000, "24h": 86_400_000, "7d": 604_800_000 } as const;
const RECENT_MS = 24 * 3_600_000;

export interface LocalOptions extends Background {
  engine: Engine;
  watch: Watch;
  incidents: Incidents;
  previews: Previews;
  daemon(): { running: boolean; pid: number | null; url: string | null; startedAt: string | null };
  /** Where deployments wait for their environment to open; only a daemon has it. */
  queue?(): WishQueue | undefined;
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
  previews,
  daemon,
  onBackgroundError,
  wake,
  queue = () => undefined,
  refresh,
  stopping = new AbortController().signal,
  track,
}: LocalOptions): UseCases {
  const { store } = engine;
  const app = engine.manifest.project;
  const environment = engine.environment;

  function requireService(service: string): void {
    const names = Object.keys(engine.manifest.services);
    if (!names.includes(service))
      throw new UserError({
        code: "SM-SERVICE-UNKNOWN",
        message: `there is no service "${service}"`,
        next: `there are ${names.join(", ")}`,
      });
  }

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
    for (const { service } of row.plan.services) {
      const view = await engine.platform.traffic.read(
        { app, environment: row.env, service },
        { signal: AbortSignal.timeout(10_000) },
      );
      if (view) views.push({ ...toTrafficView(service, view), analysis: analysis[service] });
    }
    return views;
  }

  return {
    status: async () => {
      const shown = await incidents.list({ state: "unclosed", resolvedSince: Date.now() - RECENT_MS, limit: 50 });
      const wish = await queue()?.waiting();
      const queued = wish && (await toQueued(engine, wish));
      return await readStatus({ engine, checks: await watch.list(), incidents: shown, queued, daemon: daemon() });
    },
    checks: () => watch.list(),
    series: (check, window) => watch.series(check, WINDOWS[window]),
    incidents: ({ state, limit }) =>
      incidents.list({ ...(state === "open" ? { state: "unclosed" as const } : {}), limit }),
    incident: async (id) => {
      const found = await incidents.get(id);
      if (!found)
        throw new UserError({
          code: "SM-INCIDENT-UNKNOWN",
          message: `there is no incident ${id}`,
          next: "see stationmaster incidents",
        });
      return found;
    },
    acknowledge: (id, actor, note) => incidents.acknowledge(id, actor, note),
    approve: (id, actor) => incidents.approve(id, actor),
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
    plan: async (request) => (await plannedDeploy(engine, request, "plan")).plan,
    planRollback: async (request) => (await plannedRollback(engine, request, "plan")).plan,
    deploy: async (request, actor) => {
      const planned = await plannedDeploy(engine, request, actor);
      // No rollout will follow after which the checks would be taken over.
      if (isEmpty(planned.plan)) {
        engine.adopt(planned.project);
        await refresh?.();
      }
      return await background(planned);
    },
    migrations: (request, actor) => reportMigrations(engine, request, actor),
    planContract: async (request) => (await plannedContract(engine, request, "plan")).plan,
    contract: async (request, actor) => await background(await plannedContract(engine, request, actor)),
    queueDeploy: (request, actor) => queueDeploy(engine, queue(), { id: newId("wish"), request, actor }),
    unqueue: async (actor) => {
      const wish = await queue()?.waiting();
      if (!wish)
        throw new UserError({
          code: "SM-QUEUE-EMPTY",
          message: "no deployment is queued",
          next: "see stationmaster status",
        });
      await queue()?.drop();
      await engine.audit({ actor, action: "rollout.unqueued", subject: wish.id, detail: { release: wish.release } });
      return await toQueued(engine, wish);
    },
    vouch: (request, actor) => vouch(engine, request, actor),
    ...holdUseCases(engine),
    ...previewUseCases(engine, previews, { inDaemon: daemon().running, onBackgroundError, track }),
    rollback: async (request, actor) => await background(await plannedRollback(engine, request, actor)),
    promote: async (id, actor) => {
      await engine.deployer.promote(id);
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
      requireService(request.service);
      return await readLogs(engine, request);
    },
    followLogs: async (request, onLine, signal) => {
      requireService(request.service);
      await followLogs(engine, request, onLine, signal);
    },
    restart: async (service, actor) => {
      requireService(service);
      await engine.audit({ actor, action: "service.restart", subject: service, detail: {} });
      await restartService(engine.deploy, {
        environment,
        service,
        which: "all",
        signal: AbortSignal.any([stopping, AbortSignal.timeout(RESTART_DEADLINE_MS)]),
      });
      engine.bus.emit({ type: "status" });
    },
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
    subscribe: (listener) => engine.bus.subscribe(listener),
  };
}

function toTrafficView(service: string, view: RouteView): TrafficView {
  const side = (members: RouteView["stable"]) => {
    const figures = members.flatMap(({ id }) => view.figures[id] ?? []);
    const sum = (key: keyof Pick<MemberFigures, "requests" | "errors" | "inflight">) =>
      figures.reduce((total, item) => total + item[key], 0);
    return { requests: sum("requests"), errors: sum("errors"), inflight: sum("inflight") };
  };
  return {
    service,
    stableRelease: view.stable[0]?.release ?? null,
    candidateRelease: view.candidate[0]?.release ?? null,
    candidateShare: view.stable.length === 0 && view.candidate.length > 0 ? 100 : view.share,
    stable: side(view.stable),
    candidate: side(view.candidate),
  };
}
