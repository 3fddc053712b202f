import type { QueuedDeploy } from "../contract/hold.ts";
import type { DeployRequest } from "../contract/requests.ts";
import { oneLine, PolicyError, toKnownError, UserError } from "../core/errors.ts";
import { isEmpty } from "../deploy/plan.ts";
import { refuseUnmet, unmet } from "../deploy/preflight/override.ts";
import { opensAt } from "../deploy/preflight/windows.ts";
import { announce } from "./announce.ts";
import type { Engine } from "./engine.ts";
import { orderedFreezes } from "./holds.ts";
import type { Planned } from "./planned.ts";
import { plannedDeploy } from "./rollouts.ts";

/** Freezes may be lifted, and others ordered, before the window opens. */
const LOOK_EVERY_MS = 60_000;

/** Somebody else is there at the moment. */
const PASSING: readonly string[] = ["SM-DEPLOY-BUSY", "SM-LOCKED", "SM-GATE-HELD", "SM-GATE-BUSY"];

/** A deployment somebody agreed to that waits for its environment to open. */
export interface Wish {
  /** Names it in messages. */
  id: string;
  release: string;
  request: DeployRequest;
  actor: string;
}

/** Where the one wish of an environment waits; a new one takes the place of an older one. Times in epoch ms. */
export interface WishQueue {
  put(wish: Wish, lookAt: number): Promise<void>;
  waiting(): Promise<Wish | undefined>;
  drop(): Promise<void>;
}

/** Queues what would be refused for the window only. Throws `SM-PREFLIGHT` for everything else that is not met. */
export async function queueDeploy(
  engine: Engine,
  queue: WishQueue | undefined,
  { request, actor, id }: Omit<Wish, "release">,
): Promise<QueuedDeploy> {
  if (!queue)
    throw new UserError({
      code: "SM-QUEUE-DAEMON",
      message: "no daemon runs, so nobody would begin it when the window opens",
      next: "stationmaster up --detach, then again",
    });
  const { plan } = await plannedDeploy(engine, request, actor);
  if (isEmpty(plan))
    throw new UserError({
      code: "SM-DEPLOY-NOTHING",
      message: `${plan.release} runs in ${plan.environment} already and nothing differs`,
      next: "there is nothing to wait for",
    });
  refuseUnmet(plan, { except: "window" });
  const wish = { id, release: plan.release, request: { ...request, planHash: plan.hash }, actor };
  await queue.put(wish, nextLook(engine.clock.now(), await opening(engine)));
  await engine.audit({
    actor,
    action: "rollout.queued",
    subject: id,
    detail: { environment: engine.environment, release: plan.release },
  });
  engine.bus.emit({ type: "status" });
  return await toQueued(engine, wish);
}

/** As doors show it. */
export async function toQueued(engine: Engine, { release, actor }: Wish): Promise<QueuedDeploy> {
  const at = await opening(engine);
  return { environment: engine.environment, release, actor, opensAt: at === null ? null : new Date(at).toISOString() };
}

/**
 * Begins a wish if the environment is open, and answers when to look again (epoch ms) if it is not. What was agreed to is
 * compared with what would be done now; a wish that cannot be granted any more is dropped, and people are told.
 */
export async function grantWish(
  engine: Engine,
  wish: Wish,
  begin: (planned: Planned) => Promise<unknown>,
): Promise<number | undefined> {
  try {
    const planned = await plannedDeploy(engine, wish.request, wish.actor);
    if (unmet(planned.plan).some(({ item }) => item === "window"))
      return nextLook(engine.clock.now(), await opening(engine));
    await begin(planned);
  } catch (error) {
    if (PASSING.includes(toKnownError(error).code)) return engine.clock.now() + LOOK_EVERY_MS;
    if (!(error instanceof PolicyError) && !(error instanceof UserError)) throw error;
    await giveUp(engine, wish, error);
  }
  return undefined;
}

async function giveUp(engine: Engine, { id, release, actor }: Wish, error: unknown): Promise<void> {
  const { environment } = engine;
  const { code } = toKnownError(error);
  const detail = { environment, release, code };
  await engine.audit({ actor: "stationmaster", action: "rollout.unqueued", subject: id, detail });
  await announce(engine, {
    ...{ id, severity: "SEV2", subject: "deploy" },
    text: `${release}, which ${actor} queued, was not shipped: ${oneLine(error)}`,
    doing: "it is no longer queued",
    todo: `look at the plan of today: stationmaster deploy ${environment} --plan`,
  });
}

function nextLook(now: number, opens: number | null): number {
  return Math.min(opens ?? Number.POSITIVE_INFINITY, now + LOOK_EVERY_MS);
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
