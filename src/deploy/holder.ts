import { hostname } from "node:os";
import { startedAt } from "../exec/process.ts";

/** Names this process as the holder of a lease: host, pid and start, so that a later one can tell whether it lives. */
export async function thisHolder(): Promise<string> {
  return `${hostname()}/${process.pid}/${await startedAt(process.pid)}`;
}

/** Whether a holder's process ran on this host and is gone. A holder elsewhere is never called dead: its lease has to expire. */
export async function isDeadHolder(holder: string): Promise<boolean> {
  const [host, pid, started] = holder.split("/");
  if (host !== hostname()) return false;
  return (await startedAt(Number(pid))) !== started;
}
