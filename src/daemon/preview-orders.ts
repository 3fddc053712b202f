import type { Preview } from "../contract/preview.ts";
import { PolicyError, UserError } from "../core/errors.ts";
import { awake, fresh } from "../deploy/previews/changes.ts";
import { fullRef, pullName, refName, shortRef } from "../deploy/previews/names.ts";
import { createPlacer } from "../deploy/previews/placement.ts";
import { listRemote } from "../deploy/previews/remote.ts";
import { findPreview, listPreviews, putPreview, updatePreview } from "../store/previews.ts";
import type { PreviewRow } from "../store/tables/hosts.ts";
import type { Background } from "./background.ts";
import type { Engine } from "./engine.ts";
import { createPreviewHook } from "./preview-hook.ts";
import type { PreviewPlan, Previews } from "./previews.ts";
import type { UseCases } from "./usecases.ts";

type Orders = Pick<
  UseCases,
  "previews" | "openPreview" | "closePreview" | "wakePreview" | "removePreview" | "previewHook"
>;

/**
 * What people and CI order of previews. An order is written down and answered; a daemon carries it out in the background, a
 * command without one before it answers.
 */
export function previewUseCases(
  engine: Engine,
  previews: Previews,
  { inDaemon, onBackgroundError, track = (work) => work }: Background & { inDaemon: boolean },
): Orders {
  const { store } = engine;
  const app = engine.manifest.project;

  function requirePlan(): PreviewPlan {
    const plan = previews.plan();
    if (plan) return plan;
    throw new UserError({
      code: "SM-PREVIEW-NONE",
      message: "the manifest has no environment with `per`, so there are no previews",
      next: "see docs/guide/previews.md",
    });
  }

  async function standing(name: string): Promise<PreviewRow> {
    const row = await findPreview(store.db, { app, env: name });
    if (row && row.state !== "removed") return row;
    throw new UserError({
      code: "SM-PREVIEW-UNKNOWN",
      message: `there is no preview ${name}`,
      next: "see stationmaster preview list",
    });
  }

  async function ordered(
    env: string,
    {
      actor,
      action,
      detail = {},
      also = [],
    }: { actor: string; action: string; detail?: Record<string, unknown>; also?: string[] },
  ): Promise<Preview> {
    await engine.audit({ actor, action: `preview.${action}`, subject: env, detail });
    const work = previews.work([env, ...also]);
    if (inDaemon) track(work).catch(onBackgroundError);
    else await work;
    const row = await findPreview(store.db, { app, env });
    if (!row) throw new Error(`the row of ${env} is gone`);
    return toPreview(row, previews.plan());
  }

  /** The commit of a ref now; null where the manifest names no repository to ask. */
  async function commitOf(ref: string, { repository }: PreviewPlan): Promise<string | null> {
    if (repository === undefined) return null;
    const { refs } = await listRemote(repository);
    const commit = refs.get(ref);
    if (commit !== undefined) return commit;
    throw new UserError({
      code: "SM-PREVIEW-REF",
      message: `${repository} has no ${ref}`,
      next: "push it, or correct the name",
    });
  }

  return {
    previewHook: inDaemon
      ? createPreviewHook(engine, previews, { onBackgroundError, track })
      : () => Promise.resolve(undefined),
    previews: async () => {
      const plan = previews.plan();
      const rows = await listPreviews(store.db, app);
      // One that was refused is told with its reason; one that is over is not.
      return rows
        .filter(({ state, reason }) => state !== "removed" || reason !== null)
        .map((row) => toPreview(row, plan));
    },
    openPreview: async ({ ref: name, pr, fork = false }, actor) => {
      const plan = requirePlan();
      const ref = fullRef(name);
      const commit = await commitOf(ref, plan);
      const rows = await listPreviews(store.db, app);
      const env = pr === undefined ? refName(ref, rows) : pullName(pr);
      const at = new Date(previews.now());
      const change = { ref, commit, fork, ordered: "open" as const };
      const order = { actor, action: "open", detail: { ref, commit, fork } };
      const there = rows.find((row) => row.env === env && row.state !== "removed");
      if (there) {
        await updatePreview(store.db, there, { ...change, ...awake(at), closedAt: null });
        return await ordered(env, order);
      }
      const { host, evict, reason } = createPlacer(
        rows.filter(({ state, source }) => state !== "removed" && source === plan.source),
        plan,
      ).take();
      if (reason !== undefined)
        throw new PolicyError({
          code: "SM-PREVIEW-FULL",
          message: `there is no room for ${env}: ${reason}`,
          next: "close or remove one: stationmaster preview list",
        });
      if (evict !== undefined) await updatePreview(store.db, { app, env: evict }, { ordered: "remove" });
      const row = fresh({ host, ref, commit, fork }, at);
      await putPreview(store.db, { ...row, app, env, source: plan.source, ordered: "open" });
      return await ordered(env, { ...order, also: evict === undefined ? [] : [evict] });
    },
    closePreview: async (name, actor) => {
      const row = await standing(name);
      const state = row.state === "asleep" ? "asleep" : "closed";
      const closedAt = row.closedAt ?? new Date(previews.now());
      await updatePreview(store.db, row, { ordered: "close", state, closedAt });
      return await ordered(name, { actor, action: "close" });
    },
    wakePreview: async (name, actor) => {
      const row = await standing(name);
      await updatePreview(store.db, row, awake(new Date(previews.now())));
      return await ordered(name, { actor, action: "wake" });
    },
    removePreview: async (name, actor) => {
      await updatePreview(store.db, await standing(name), { ordered: "remove" });
      return await ordered(name, { actor, action: "remove" });
    },
  };
}

/** As doors show it. */
function toPreview(row: PreviewRow, plan: PreviewPlan | undefined): Preview {
  const { env, state, settled, reason, url, ref, commit, fork, host, createdAt, usedAt, closedAt } = row;
  const expires = closedAt && plan && state !== "removed" ? new Date(closedAt.getTime() + plan.expireMs) : null;
  return {
    ...{ name: env, state, reason, url, ref: shortRef(ref), commit, fork, host },
    ready: settled && reason === null && state !== "removed",
    createdAt: createdAt.toISOString(),
    usedAt: usedAt.toISOString(),
    expiresAt: expires?.toISOString() ?? null,
  };
}
