import { loadManifest, type Manifest } from "../config/load.ts";
import { previewTemplate } from "../config/previews.ts";
import { gitAddress } from "../config/repository.ts";
import { isAway, toKnownError } from "../core/errors.ts";
import { done, fresh, intended } from "../deploy/previews/changes.ts";
import { type Action, type Known, type Limits, reconcile } from "../deploy/previews/reconcile.ts";
import { listRemote, type Remote, wantedRefs } from "../deploy/previews/remote.ts";
import { findPreview, listPreviews, putPreview, updatePreview } from "../store/previews.ts";
import type { PreviewRow } from "../store/tables/hosts.ts";
import type { Engine } from "./engine.ts";
import { deployPreview, lookAfterPreview, type PreviewSite, removePreview, stopPreview } from "./preview-effects.ts";

const LOOK_EVERY_MS = 10 * 60_000;

/** Failures that pass without anybody doing something about the preview. */
const PASSING: readonly string[] = [
  ...["SM-DEPLOY-BUSY", "SM-DEPLOY-STOPPING", "SM-LEASE-LOST", "SM-LOCKED", "SM-PREFLIGHT"],
  // The commit is there before its image is.
  "SM-IMAGE-MISSING",
  // Another deployment took the name of the release at the same moment.
  "SM-PLAN-CHANGED",
];

/** The template of the previews, and what of the manifest matters for them. */
export interface PreviewPlan extends Limits {
  app: string;
  source: string;
  per: "pull-request" | "branch";
  /** Address that git understands; undefined: previews are opened by command only. */
  repository: string | undefined;
  /** Branches that other environments are for. */
  kept: string[];
}

/** Keeps previews as their refs and rows say; one piece of work at a time. */
export interface Previews {
  /** Looks at the repository, then does what is to be done; one round that waits for its turn is enough. Failures of single previews go to `report`. */
  round(): Promise<void>;
  /** Does what the rows of these environments say, without asking the repository. Rejects with the first failure. */
  work(only: readonly string[]): Promise<void>;
  /** Undefined where the manifest has no environment with `per`. */
  plan(): PreviewPlan | undefined;
  /** Epoch ms; the clock of all times of previews. */
  now(): number;
  /** Ends what is under way, to be gone on with later. */
  stop(): Promise<void>;
}

export interface PreviewsOptions {
  engine: Engine;
  report(error: unknown): void;
  /** Epoch ms. */
  now?: () => number;
}

export function createPreviews({ engine, report, now = Date.now }: PreviewsOptions): Previews {
  const { store, place } = engine;
  const stopping = new AbortController();
  const site: PreviewSite = { engine, open: new Set(), signal: stopping.signal };
  const looked = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();

  /** One host's proxy is one file: two previews are never worked on at the same time. */
  async function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = last.then(async () => {
      if (!stopping.signal.aborted) await work();
    });
    last = turn.catch(() => {});
    await turn;
  }

  const plan = () => planOf(loadManifest(place.configFile));

  async function rowsOf({ app, source }: PreviewPlan): Promise<PreviewRow[]> {
    return (await listPreviews(store.db, app)).filter((row) => row.source === source);
  }

  /** Every action is tried; answers what failed. */
  async function pass(current: PreviewPlan, remote: Remote | undefined, only?: readonly string[]): Promise<unknown[]> {
    const known: Known[] = await rowsOf(current);
    const failures: unknown[] = [];
    for (const action of reconcile({ remote, known, limits: current }, now())) {
      if (stopping.signal.aborted) break;
      if (!only || only.includes(action.env))
        await carryOutAction(current, action).catch((error: unknown) => failures.push(error));
    }
    return failures;
  }

  function told(error: unknown): void {
    if (!stopping.signal.aborted) report(error);
  }

  async function carryOutAction({ app, source }: PreviewPlan, action: Action): Promise<void> {
    const key = { app, env: action.env };
    const at = new Date(now());
    if (action.kind === "create" || action.kind === "refuse")
      await putPreview(store.db, { ...key, source, ...fresh(action, at) });
    else await updatePreview(store.db, key, intended(action, at));
    if (action.kind !== "deploy") await audit(action);
    const row = await findPreview(store.db, key);
    if (!row) return;
    if (action.kind === "sleep") await stopPreview(site, row);
    if (action.kind === "remove") await removePreview(site, row);
    if (action.kind === "create" || action.kind === "update" || action.kind === "deploy") await deploy(row);
    // Somebody who opened or woke it meanwhile wants it to run.
    const wanted = (await findPreview(store.db, key))?.usedAt.getTime() !== row.usedAt.getTime();
    if (!wanted) await updatePreview(store.db, key, done(action, new Date(now())));
  }

  async function deploy(row: PreviewRow): Promise<void> {
    const change = await deployPreview(site, row).then(
      (end) => ({ ...end, settled: true }),
      (error: unknown) => {
        stopping.signal.throwIfAborted();
        const { code, message } = toKnownError(error);
        const passes = isAway(error) || PASSING.includes(code);
        return { reason: engine.redact(`${code}: ${message}`), settled: !passes };
      },
    );
    // A stop ends rollouts too; they are no failures of the preview.
    if (stopping.signal.aborted && change.reason !== null) return;
    // Its new units count from nought.
    const fine = change.reason === null ? { usedAt: new Date(now()), requests: 0 } : {};
    await updatePreview(store.db, row, { ...change, ...fine });
  }

  async function audit({ kind, env, ...detail }: Action): Promise<void> {
    await engine.audit({ actor: "stationmaster", action: `preview.${kind}`, subject: env, detail });
  }

  /** Notes which previews were asked something since the last look, and ends what left a route. */
  async function lookAround(current: PreviewPlan): Promise<void> {
    for (const row of await rowsOf(current)) {
      const { env, state, settled } = row;
      if (stopping.signal.aborted || !settled || (state !== "running" && state !== "closed")) continue;
      if (now() - (looked.get(env) ?? Number.NEGATIVE_INFINITY) < LOOK_EVERY_MS) continue;
      looked.set(env, now());
      const requests = await lookAfterPreview(site, row).catch(told);
      if (requests === undefined || requests === row.requests) continue;
      // Fewer than before: other units have begun to count.
      const used = requests > 0 ? { usedAt: new Date(now()) } : {};
      await updatePreview(store.db, row, { requests, ...used });
    }
  }

  async function seen(current: PreviewPlan): Promise<Remote | undefined> {
    if (current.repository === undefined) return undefined;
    try {
      const refs = await listRemote(current.repository, stopping.signal);
      return { refs: refs.refs, wanted: wantedRefs(refs, { ...current, known: await rowsOf(current) }) };
    } catch (error) {
      told(error);
      return undefined;
    }
  }

  let waiting: Promise<void> | undefined;
  function round(): Promise<void> {
    waiting ??= inTurn(async () => {
      waiting = undefined;
      const current = plan();
      if (!current) return;
      await lookAround(current);
      for (const failure of await pass(current, await seen(current))) told(failure);
    });
    return waiting;
  }

  return {
    plan,
    now,
    round,
    work: async (only) =>
      await inTurn(async () => {
        const current = plan();
        const [failure] = current ? await pass(current, undefined, only) : [];
        if (failure !== undefined) throw failure;
      }),
    stop: async () => {
      stopping.abort(new Error("the daemon stops"));
      await Promise.allSettled([...site.open].map(({ deployer }) => deployer.stop()));
      await last;
    },
  };
}

function planOf(manifest: Manifest): PreviewPlan | undefined {
  const template = previewTemplate(manifest);
  if (!template) return undefined;
  const { name, settings } = template;
  const { per, hosts, most, forks, idle: idleMs, expire: expireMs } = settings;
  const repository = manifest.repository === undefined ? undefined : gitAddress(manifest.repository);
  const kept = Object.values(manifest.environments).flatMap((item) =>
    item.platform === "compose" && item.branch !== undefined ? [item.branch] : [],
  );
  return { app: manifest.project, source: name, per, repository, kept, hosts, most, forks, idleMs, expireMs };
}
