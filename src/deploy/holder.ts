import { hostname } from "node:os";
import { newId } from "../core/ids.ts";
import { startedAt } from "../exec/process.ts";
import { type HeldLease, readLease, takeLease } from "../store/leases.ts";
import type { DeployDependencies } from "./run.ts";

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
