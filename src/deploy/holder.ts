import { hostname } from "node:os";
import { newId } from "../core/ids.ts";
import { startedAt } from "../exec/process.ts";
import { type HeldLease, readLease, releaseLease, takeLease } from "../store/leases.ts";
import { keepLease } from "./keeper.ts";
import type { DeployDependencies } from "./run.ts";

const RELEASE_TRIES = 5;
const RELEASE_AGAIN_MS = 1_000;

/**
 * Takes an environment for one piece of work, also from a holder whose process is gone; undefined when somebody else has it.
 * The holder's name is used once, so that two pieces of work begun at the same moment in this process exclude each other too.
 */
export async function takeEnvironment(
  { store, app }: Pick<DeployDependencies, "store" | "app">,
  env: string,
  purpose: "rollout" | "restart" | "tidy",
): Promise<HeldLease | undefined> {
  const current = await readLease(store.db, { app, env });
  const dead = current && (await isDeadHolder(current.holder)) ? current.holder : undefined;
  return await takeLease(store.db, { app, env }, `${await thisHolder()}/${newId(purpose)}`, dead);
}

/**
 * Works under a lease that is renewed meanwhile and given back whatever happens. `signal` aborts with the lease or the caller,
 * `leaseSignal` with the lease only: for what has to be brought to its end once it has begun.
 */
export async function withLease<T>(
  dependencies: Pick<DeployDependencies, "store" | "clock">,
  lease: HeldLease,
  signal: AbortSignal,
  work: (signal: AbortSignal, leaseSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const keeper = keepLease(dependencies.store, dependencies.clock, lease);
  try {
    return await work(AbortSignal.any([signal, keeper.signal]), keeper.signal);
  } finally {
    keeper.stop();
    await giveBack(dependencies, lease);
  }
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
async function thisHolder(): Promise<string> {
  return `${hostname()}/${process.pid}/${await startedAt(process.pid)}`;
}

/** Whether a holder's process ran on this host and is gone. A holder elsewhere is never called dead: its lease has to expire. */
export async function isDeadHolder(holder: string): Promise<boolean> {
  const [host, pid, started] = holder.split("/");
  if (host !== hostname()) return false;
  return (await startedAt(Number(pid))) !== started;
}
