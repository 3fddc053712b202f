import { hostname } from "node:os";
import { newId } from "../core/ids.ts";
import { startedAt } from "../exec/process.ts";
import type { Gate } from "../platforms/platform.ts";
import { type HeldLease, readLease, releaseLease, takeLease } from "../store/leases.ts";
import { keepLease } from "./keeper.ts";
import type { DeployDependencies } from "./run.ts";

/** For the hosts to say which generation they have seen last, and to let us in: longer than they wait for an older command. */
const FENCE_MS = 150_000;
const RELEASE_TRIES = 5;
const RELEASE_AGAIN_MS = 1_000;

/**
 * Takes an environment for one piece of work, also from a holder whose process is gone; undefined when somebody else has it.
 * The holder's name is used once, so that two pieces of work begun at the same moment in this process exclude each other too.
 */
export async function takeEnvironment(
  { store, app, platform }: Pick<DeployDependencies, "store" | "app" | "platform">,
  env: string,
  purpose: "rollout" | "restart" | "rehearsal" | "tidy",
): Promise<HeldLease | undefined> {
  const current = await readLease(store.db, { app, env });
  const dead = current && (await isDeadHolder(current.holder)) ? current.holder : undefined;
  const context = { signal: AbortSignal.timeout(FENCE_MS) };
  const seen = (await platform.fence?.atLeast({ app, environment: env }, context)) ?? 0;
  return await takeLease(store.db, { app, env }, `${await thisHolder()}/${newId(purpose)}`, dead, seen + 1);
}

export interface LeasedWork<T> {
  /** `signal` aborts with the lease or the caller, `leaseSignal` with the lease only: for what has to be brought to its end once it has begun. */
  work(signal: AbortSignal, leaseSignal: AbortSignal): Promise<T>;
  /** The target did not let us in; the lease is still held. */
  refused?(error: unknown): Promise<void>;
}

/** Works under a lease that is renewed meanwhile and given back whatever happens; where the target has a lease of its own, under that too. */
export async function withLease<T>(
  dependencies: Pick<DeployDependencies, "store" | "clock" | "platform">,
  lease: HeldLease,
  signal: AbortSignal,
  { work, refused }: LeasedWork<T>,
): Promise<T> {
  const keeper = keepLease(dependencies.store, dependencies.clock, lease);
  try {
    const gate = await holdGate(dependencies, lease, keeper.signal).catch(async (error: unknown) => {
      keeper.signal.throwIfAborted();
      await refused?.(error);
      throw error;
    });
    const held = gate ? AbortSignal.any([keeper.signal, gate.signal]) : keeper.signal;
    try {
      return await work(AbortSignal.any([signal, held]), held);
    } finally {
      await gate?.release().catch(() => {});
    }
  } finally {
    keeper.stop();
    await giveBack(dependencies, lease);
  }
}

async function holdGate(
  { platform }: Pick<DeployDependencies, "platform">,
  { app, env, generation }: HeldLease,
  signal: AbortSignal,
): Promise<Gate | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(FENCE_MS)]);
  return await platform.fence?.hold({ app, environment: env }, generation, { signal: limit });
}

/** Frees a lease, again while the store is away: nobody else can work here until then. Gives up after seconds, when it soon ends by itself. */
export async function giveBack(
  { store, clock }: Pick<DeployDependencies, "store" | "clock">,
  lease: HeldLease,
): Promise<void> {
  for (let attempt = 1; attempt <= RELEASE_TRIES; attempt++) {
    const freed = await releaseLease(store.db, lease).then(
      () => true,
      () => false,
    );
    if (freed) return;
    await clock.sleep(RELEASE_AGAIN_MS);
  }
}

/** Names this process as the holder of a lease: host, pid and start, so that a later one can tell whether it lives. */
export async function thisHolder(): Promise<string> {
  return `${hostname()}/${process.pid}/${await startedAt(process.pid)}`;
}

/** Whether a holder took the environment for a restart. */
export function isRestart(holder: string): boolean {
  return holder.split("/").at(-1)?.startsWith("restart-") ?? false;
}

/** Whether a holder's process ran on this host and is gone. A holder elsewhere is never called dead: its lease has to expire. */
export async function isDeadHolder(holder: string): Promise<boolean> {
  const [host, pid, started] = holder.split("/");
  if (host !== hostname()) return false;
  return (await startedAt(Number(pid))) !== started;
}
