import type { Clock } from "../core/clock.ts";
import type { Store } from "../store/connect.ts";
import { type HeldLease, LEASE_MS, renewLease } from "../store/leases.ts";
import { leaseLost } from "../store/rollouts.ts";

const RENEW_MS = LEASE_MS / 3;
const GIVE_UP_MS = (LEASE_MS / 3) * 2;

/** Renews a lease until `stop`; `signal` aborts when it is lost or the database has not answered for 20 s. */
export function keepLease(store: Store, clock: Clock, lease: HeldLease): { signal: AbortSignal; stop(): void } {
  const lost = new AbortController();
  let last = clock.monotonic();
  const timer = setInterval(async () => {
    const kept = await renewLease(store.db, lease).catch(() => undefined);
    if (kept) last = clock.monotonic();
    if (kept === false || clock.monotonic() - last > GIVE_UP_MS) lost.abort(leaseLost(lease));
  }, RENEW_MS);
  return { signal: lost.signal, stop: () => clearInterval(timer) };
}
