import type { LiveRoute, Waiter } from "./table.ts";
import { isHolding, pickTarget } from "./table.ts";
import { beginExchange, type Lease, type LiveTarget } from "./target.ts";

/** How an attempt ended: `done` needs nothing more, `refused` sent nothing, `lost` may safely be sent once more. */
export type Outcome = "done" | "refused" | "lost" | "failed";

/** A request on its way to some target. */
export interface Job {
  /** 0 ≤ n < 100, see `bucketOf`. */
  bucket: number;
  /** Asked by Stationmaster itself, no user. */
  probe: boolean;
  /** Sends it. `fresh`: not over a kept connection. Calls `settle` exactly once. */
  send(lease: Lease, fresh: boolean, settle: (outcome: Outcome) => void): void;
  /** Ends both sides at once. */
  abort(): void;
  /** Answers the client that it could not be served. */
  reject(status: 502 | 503, reason: string): void;
}

const MOST_WAITERS = 10_000;
const RETRY_FOR_MS = 1_000;
const RETRY_EVERY_MS = 100;

/**
 * Finds a target for the job, waiting during a hold and trying again while connections are refused; answers a function that
 * gives up (the client left). The choice, the count and the start of the sending happen in one turn: a request is either
 * counted on a target before a swap or sees the targets after it, so a drained target with 0 in flight stays at 0.
 */
export function dispatch(route: LiveRoute, job: Job): () => void {
  let waiter: Waiter | undefined;
  let timer: NodeJS.Timeout | undefined;
  let firstRefusal: number | undefined;
  let waited = false;
  let lostBy: LiveTarget | undefined;
  let over = false;
  route.requests += 1;

  function attempt(): void {
    if (over) return;
    const now = Date.now();
    if (isHolding(route, now)) return void wait();
    const target = pickTarget(route, job.bucket, now, lostBy);
    if (!target) return void reject(503, "no target");
    if (firstRefusal !== undefined && target.avoidUntil > now) {
      if (now - firstRefusal >= RETRY_FOR_MS) return void reject(502, "no healthy target");
      if (!waited) {
        waited = true;
        timer = setTimeout(attempt, RETRY_EVERY_MS);
        return;
      }
      // Every target refused a moment ago; after the wait one of them is asked all the same.
    }
    waited = false;
    const lease = beginExchange(target, job.abort, job.probe);
    try {
      job.send(lease, lostBy !== undefined, (outcome) => settle(outcome, target));
    } catch {
      // Something Node's client will not write; without this the count would never come down.
      lease.end();
      reject(502, "the request cannot be passed on");
    }
  }

  function settle(outcome: Outcome, by: LiveTarget): void {
    if (outcome === "done") over = true;
    if (over) return;
    if (outcome === "refused") {
      firstRefusal ??= Date.now();
      return void attempt();
    }
    if (outcome === "failed" || lostBy) return void reject(502, "the target gave no answer");
    lostBy = by;
    attempt();
  }

  function wait(): void {
    if (route.waiters.size >= MOST_WAITERS) return void reject(503, "too many requests are waiting");
    waiter = { resume: attempt, expire: () => reject(503, "the service is being replaced") };
    route.waiters.add(waiter);
  }

  function reject(status: 502 | 503, reason: string): void {
    if (over) return;
    over = true;
    route.unserved += 1;
    job.reject(status, reason);
  }

  attempt();
  return () => {
    over = true;
    clearTimeout(timer);
    if (waiter) route.waiters.delete(waiter);
  };
}
