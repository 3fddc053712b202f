import { Demand } from "./demand.ts";
import { createQueue, type Queue } from "./queue.ts";

/** What waits for a slot. */
export interface Waiter {
  /** Confirmations go first. */
  first: boolean;
  /** The last run hit its deadline. */
  slow: boolean;
  /** `host:port` it asks; null for none. */
  target: string | null;
  /** No longer wanted: passed over when its turn comes. */
  isVoid(): boolean;
}

interface Target<T> {
  running: number;
  /** Confirmations, and all others. */
  blocked: [Queue<T>, Queue<T>];
}

interface Run {
  slow: boolean;
  target: string | null;
  startedAt: number;
  /** Began in the fast lane and takes long. */
  hanging: boolean;
  ended: boolean;
}

interface LanesOptions {
  /** Runs at the same time, at most, while little is asked for. */
  slots: number;
  /** The same, whatever is asked for. */
  mostSlots: number;
  perTarget: number;
}

/**
 * From here on a run only waits, which costs this machine nothing: another may begin beside it. Were it longer, 2,000 targets that begin
 * to hang would hold all slots before any of them counts.
 */
const HANGING_MS = 100;
/** The share of the slots that checks which timed out get however much hangs besides. */
const LEAST_SLOW = 1 / 32;
/** Above this share of what there is room for, runs wait for each other. */
const FULL = 0.8;

/**
 * Who gets a slot: confirmations first, at most `perTarget` runs against one target, checks that timed out on at most half of the
 * slots. There are twice as many slots as the measured demand, in that half too, plus those that runs hold unexpectedly: when much
 * begins to time out at once, it does not keep the rest waiting. Knows no clock; each step takes constant time.
 */
export class Lanes<T extends Waiter> {
  readonly #options: LanesOptions;
  readonly #targets = new Map<string, Target<T>>();
  /** By rank: confirmations before the rest, and of each the fast before the slow. */
  readonly #ready = [createQueue<T>(), createQueue<T>(), createQueue<T>(), createQueue<T>()] as const;
  readonly #young = createQueue<Run>();
  readonly inflight = { fast: 0, slow: 0 };
  #hanging = 0;
  readonly demand = new Demand();

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  get slots(): number {
    const { all, slow } = this.demand.now;
    // What times out is known by its last run only: while it is new, what is held says more. One more may always begin.
    const wanted = Math.ceil(2 * (all + Math.max(slow, this.inflight.slow) + this.#hanging + 1));
    return Math.min(this.#options.mostSlots, Math.max(this.#options.slots, wanted));
  }

  /** Whether a run waits for a slot. */
  get isWaiting(): boolean {
    return this.#ready.some((queue) => queue.peek() !== undefined);
  }

  /** Whether each check could run as often as it should, and those that ask this target too. */
  hasRoomForAll(target: string | null): boolean {
    const { mostSlots, perTarget } = this.#options;
    const { all, slow } = this.demand.wanted;
    if (all > FULL * mostSlots || slow > (FULL * mostSlots) / 2) return false;
    return target === null || this.demand.wantedAt(target) <= FULL * perTarget;
  }

  push(waiter: T): void {
    this.#ready[(waiter.first ? 0 : 2) + (waiter.slow ? 1 : 0)]?.push(waiter);
  }

  /** The next that may begin at `now`; it holds a slot until `leave`. Undefined when none may. */
  enter(now: number): { waiter: T; run: Run } | undefined {
    this.#age(now);
    for (const [rank, queue] of this.#ready.entries()) {
      const slow = rank % 2 === 1;
      while (this.#hasRoom(slow)) {
        const waiter = queue.shift();
        if (!waiter) break;
        if (waiter.isVoid()) this.#wake(waiter.target);
        if (waiter.isVoid() || this.#isBlocked(waiter)) continue;
        const run: Run = { slow, target: waiter.target, startedAt: now, hanging: false, ended: false };
        this.inflight[slow ? "slow" : "fast"]++;
        if (!slow) this.#young.push(run);
        return { waiter, run };
      }
    }
    return undefined;
  }

  #hasRoom(slow: boolean): boolean {
    const { fast, slow: held } = this.inflight;
    if (fast + held >= this.slots) return false;
    if (!slow) return true;
    // What hangs in the fast lane is of this half already; a part is left in any case, so that what timed out is confirmed.
    return held < Math.max(1, Math.floor(this.slots * LEAST_SLOW)) || held + this.#hanging < Math.floor(this.slots / 2);
  }

  /** Whether its target is busy; it waits there then. Otherwise a place at the target is taken. */
  #isBlocked(waiter: T): boolean {
    if (waiter.target === null) return false;
    const target = this.#targets.get(waiter.target) ?? { running: 0, blocked: [createQueue<T>(), createQueue<T>()] };
    this.#targets.set(waiter.target, target);
    if (target.running >= this.#options.perTarget) {
      target.blocked[waiter.first ? 0 : 1].push(waiter);
      return true;
    }
    target.running++;
    return false;
  }

  leave(run: Run): void {
    if (run.ended) return;
    run.ended = true;
    this.inflight[run.slow ? "slow" : "fast"]--;
    if (run.hanging) this.#hanging--;
    const target = run.target === null ? undefined : this.#targets.get(run.target);
    if (target) target.running--;
    this.#wake(run.target);
  }

  /** The next that waits for this target is ready: one has left it, or passes its turn on. */
  #wake(name: string | null): void {
    const target = name === null ? undefined : this.#targets.get(name);
    if (name === null || !target) return;
    for (const queue of target.blocked)
      for (let waiter = queue.shift(); waiter; waiter = queue.shift()) {
        if (waiter.isVoid()) continue;
        this.push(waiter);
        return;
      }
    if (target.running === 0) this.#targets.delete(name);
  }

  #age(now: number): void {
    for (let run = this.#young.peek(); run; run = this.#young.peek()) {
      if (!run.ended && run.startedAt + HANGING_MS > now) return;
      this.#young.shift();
      if (run.ended) continue;
      run.hanging = true;
      this.#hanging++;
    }
  }

  /** When a run begins to count as hanging, so that another may begin; undefined when none will. */
  nextRoom(): number | undefined {
    const [confirmations, , rest] = this.#ready;
    if (!confirmations.peek() && !rest.peek()) return undefined;
    const run = this.#young.peek();
    return run && run.startedAt + HANGING_MS;
  }
}
