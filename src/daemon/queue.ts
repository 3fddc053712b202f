import type { QueuedDeploy } from "../contract/hold.ts";
import type { DeployRequest } from "../contract/requests.ts";
import { oneLine, PolicyError, toKnownError, UserError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { busy, underWay } from "../deploy/busy.ts";
import { contentHash } from "../deploy/desired.ts";
import { isDeadHolder } from "../deploy/holder.ts";
import { isEmpty } from "../deploy/plan.ts";
import { refuseUnmet, unmet } from "../deploy/preflight/override.ts";
import { opensAt } from "../deploy/preflight/windows.ts";
import { changedPlan, notQueued } from "../deploy/stored.ts";
import type { WishRow } from "../store/tables/rollout.ts";
import { dropWish, findWish, putWish } from "../store/wishes.ts";
import { announce } from "./announce.ts";
import type { Engine } from "./engine.ts";
import { orderedFreezes } from "./holds.ts";
import type { Planned } from "./planned.ts";
import { plannedDeploy } from "./rollouts.ts";

const BUSY_LOOK_MS = 5_000;

/** Somebody else is there at the moment, or took the name of the release at the same moment. */
const PASSING: readonly string[] = ["SM-DEPLOY-BUSY", "SM-LOCKED", "SM-GATE-HELD", "SM-GATE-BUSY", "SM-PLAN-CHANGED"];

interface Asked {
  request: DeployRequest;
  actor: string;
  /** The process that waits to begin it itself; null: a daemon does, also one that is started later. */
  holder: string | null;
}

/**
 * Puts a deployment into the one waiting place of the environment: it begins when the rollout it meets has ended and the environment
 * is open. Throws `SM-PREFLIGHT` for everything else that is not met, `SM-DEPLOY-BUSY` where what it meets is not waited for.
 */
export async function queueDeploy(engine: Engine, { request, actor, holder }: Asked): Promise<QueuedDeploy> {
  const { store, manifest, environment } = engine;
  const planned = await plannedDeploy(engine, request, actor);
  const { plan } = planned;
  if (isEmpty(plan))
    throw new UserError({
      code: "SM-DEPLOY-NOTHING",
      message: `${plan.release} runs in ${plan.environment} already and nothing differs`,
      next: "there is nothing to wait for",
    });
  refuseUnmet(plan, { except: "window" });
  if (plan.underWay?.meeting === "refuse") throw await busy(engine.deploy, environment);
  if (holder !== null && isClosed(planned))
    throw new UserError({
      code: "SM-QUEUE-DAEMON",
      message: "no daemon runs, so nobody would begin it when the window opens",
      next: "stationmaster up --detach, then again",
    });
  const wish = {
    ...{ app: manifest.project, env: environment, id: newId("ro"), release: plan.release, actor, holder },
    // Traffic may have changed when its turn comes; what was agreed to stays.
    request: { ...request, strategy: request.strategy ?? plan.strategy.kind, planHash: undefined },
    content: contentOf(planned, request),
  };
  const before = await findWish(store.db, wish);
  await putWish(store.db, wish);
  if (before) await unqueued(engine, before, { by: actor, detail: { for: plan.release } });
  await engine.audit({
    actor,
    action: "rollout.queued",
    subject: wish.id,
    detail: { environment, release: plan.release },
  });
  engine.bus.emit({ type: "status" });
  return await toQueued(engine, wish);
}

/** Undefined when nothing waits. */
export async function queuedDeploy(engine: Engine): Promise<QueuedDeploy | undefined> {
  const wish = await findWish(engine.store.db, place(engine));
  return wish && (await toQueued(engine, wish));
}

/** Takes back what waits, or only the one of that id. `UserError` `SM-QUEUE-EMPTY` when it does not wait. */
export async function unqueueDeploy(engine: Engine, actor: string, id?: string): Promise<QueuedDeploy> {
  const taken = await emptyQueue(engine, actor, id);
  if (taken) return await toQueued(engine, taken);
  throw notQueued();
}

/** The same where it does not matter whether anything waits: undefined when nothing did. */
export async function emptyQueue(engine: Engine, actor: string, id?: string): Promise<WishRow | undefined> {
  const wish = await findWish(engine.store.db, place(engine));
  if (!wish || (id ?? wish.id) !== wish.id || !(await dropWish(engine.store.db, wish.id))) return undefined;
  await unqueued(engine, wish, { by: actor });
  return wish;
}

/**
 * Answers the look at what waits: begins it when its turn has come, and gives it up, telling people, when it would not be what was
 * agreed to. Of `holder`'s own wishes, null: of those that a daemon begins. To be called every second or so.
 */
export function createWishLook(
  engine: Engine,
  { holder, begin }: { holder: string | null; begin(planned: Planned): Promise<unknown> },
): () => Promise<void> {
  let last: { id: string; again: number; closed: boolean } | undefined;
  return async () => {
    const { store, deploy, clock, environment } = engine;
    const wish = await findWish(store.db, place(engine));
    if (!wish) return;
    const isOver = wish.holder !== null && wish.holder !== holder && (await isDeadHolder(wish.holder));
    if (isOver) return void (await dropWish(store.db, wish.id));
    if (wish.holder !== holder || (last?.id === wish.id && clock.now() < last.again)) return;
    if (await underWay(deploy, environment, { kind: "deploy" })) return;
    // Freezes may be lifted, and others ordered, at any time; planning asks every host.
    const opens = last?.id === wish.id && last.closed ? await opening(engine) : 0;
    if (opens === null || opens > clock.now()) return;
    last = { id: wish.id, again: clock.now() + BUSY_LOOK_MS, closed: false };
    last.closed = (await grant(engine, wish, begin)) === "closed";
  };
}

async function grant(
  engine: Engine,
  wish: WishRow,
  begin: (planned: Planned) => Promise<unknown>,
): Promise<"closed" | undefined> {
  try {
    const planned = await plannedDeploy(engine, wish.request, wish.actor);
    if (isEmpty(planned.plan)) return void (await giveUp(engine, wish, { code: "SM-DEPLOY-NOTHING" }));
    if (contentOf(planned, wish.request) !== wish.content) {
      const other = changedPlan();
      return void (await giveUp(engine, wish, { code: other.code, why: oneLine(other) }));
    }
    if (isClosed(planned)) return "closed";
    await begin({ ...planned, id: wish.id });
  } catch (error) {
    const { code } = toKnownError(error);
    if (PASSING.includes(code)) return undefined;
    if (!(error instanceof PolicyError) && !(error instanceof UserError)) throw error;
    await giveUp(engine, wish, { code, why: oneLine(error) });
  }
  return undefined;
}

async function giveUp(engine: Engine, wish: WishRow, { code, why }: { code: string; why?: string }): Promise<void> {
  const { environment } = engine;
  if (!(await dropWish(engine.store.db, wish.id))) return;
  await unqueued(engine, wish, { by: "stationmaster", detail: { code, ...(why ? { why } : {}) } });
  // Who waits at a terminal is told there.
  if (why && wish.holder === null)
    await announce(engine, {
      ...{ id: wish.id, severity: "SEV2", subject: "deploy" },
      text: `${wish.release}, which ${wish.actor} queued, was not shipped: ${why}`,
      doing: "it is no longer queued",
      todo: `look at the plan of today: stationmaster deploy ${environment} --plan`,
    });
}

async function unqueued(
  engine: Engine,
  { id, release }: Pick<WishRow, "id" | "release">,
  { by, detail = {} }: { by: string; detail?: Record<string, unknown> },
): Promise<void> {
  const all = { environment: engine.environment, release, ...detail };
  await engine.audit({ actor: by, action: "rollout.unqueued", subject: id, detail: all });
  engine.bus.emit({ type: "status" });
}

/** As doors show it. */
async function toQueued(
  engine: Engine,
  { id, release, actor }: Pick<WishRow, "id" | "release" | "actor">,
): Promise<QueuedDeploy> {
  const { environment, deploy } = engine;
  const at = await opening(engine);
  return {
    ...{ id, environment, release, actor },
    opensAt: at === null ? null : new Date(at).toISOString(),
    waitsFor: (await underWay(deploy, environment, { kind: "deploy" })) ?? null,
  };
}

function contentOf({ plan, services }: Planned, { only, release }: DeployRequest): string {
  return contentHash(services, { only, release, strategy: plan.strategy, hosts: plan.hosts });
}

function isClosed({ plan }: Planned): boolean {
  return unmet(plan).some(({ item }) => item === "window");
}

function place({ manifest, environment }: Engine) {
  return { app: manifest.project, env: environment };
}

async function opening(engine: Engine): Promise<number | null> {
  const { freeze = [], windows = [] } = engine.manifest.environments[engine.environment] ?? {};
  const ordered = (await orderedFreezes(engine)).map(({ from, until, ...rest }) => ({
    ...rest,
    beginsAt: Date.parse(from),
    endsAt: until === null ? null : Date.parse(until),
  }));
  return opensAt({ freeze, windows, ordered }, engine.clock.now());
}
