import { createHash } from "node:crypto";
import { createHeap } from "./heap.ts";

type RunKind = "scheduled" | "confirmation";

/** A run to start now; `plannedAt` is when it was due, on the schedule's clock. */
export interface Start {
  id: string;
  kind: RunKind;
  plannedAt: number;
}

export interface Timed {
  id: string;
  everyMs: number;
}

interface ScheduleOptions {
  /** Runs at the same time, at most. */
  slots?: number;
  /** In [0, 1), for the start jitter. */
  random?: () => number;
  /** Called when a scheduled run is left out, because the one before still runs or waits. */
  onSkipped?: (id: string, count: number) => void;
}

interface Entry extends Timed {
  plannedAt: number;
  running: RunKind | null;
  /** Waiting for a slot, or for the run under way to end. */
  waiting: Start | null;
  /** When the pending confirmation is due; a later request replaces it. */
  confirmAt: number | null;
  /** The last run hit its deadline. */
  slow: boolean;
  /** Rises with each change of the rhythm, so that what was planned before is void. */
  version: number;
}

interface Due {
  entry: Entry;
  kind: RunKind;
  version: number;
}

interface Slot {
  entry: Entry;
  slow: boolean;
}

const DEFAULT_SLOTS = 32;
const JITTER_SHARE = 0.05;
const LONGEST_JITTER_MS = 3_000;

/** Where in its interval a check runs: spread by its name, and the same after each restart. */
export function phaseOf(id: string, everyMs: number): number {
  return createHash("sha256").update(id).digest().readUInt32BE(0) % everyMs;
}

/**
 * When which check runs: fixed rate (`planned(n+1) = planned(n) + every`), one run of a check at a time, confirmations first,
 * checks that time out on at most half of the slots. Knows no clock and no timer: time arrives with each call, in milliseconds
 * that never go back.
 */
export class Schedule {
  readonly #slots: number;
  readonly #random: () => number;
  readonly #onSkipped: (id: string, count: number) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #due = createHeap<Due>();
  readonly #running = new Map<Start, Slot>();
  #waiting: Entry[] = [];
  #runningSlow = 0;

  constructor({ slots = DEFAULT_SLOTS, random = Math.random, onSkipped = () => {} }: ScheduleOptions = {}) {
    this.#slots = slots;
    this.#random = random;
    this.#onSkipped = onSkipped;
  }

  /** From now on exactly these checks run; those already known keep their rhythm and what is under way. */
  set(checks: readonly Timed[], now: number): void {
    const wanted = new Set(checks.map(({ id }) => id));
    for (const [id, entry] of this.#entries) {
      if (wanted.has(id)) continue;
      entry.version++;
      entry.waiting = null;
      this.#entries.delete(id);
    }
    this.#waiting = this.#waiting.filter((entry) => entry.waiting !== null);
    for (const { id, everyMs } of checks) {
      const known = this.#entries.get(id);
      if (known?.everyMs === everyMs) continue;
      const entry: Entry = known ?? {
        id,
        everyMs,
        plannedAt: 0,
        running: null,
        waiting: null,
        confirmAt: null,
        slow: false,
        version: 0,
      };
      this.#entries.set(id, entry);
      this.#plan(entry, everyMs, now);
    }
  }

  #plan(entry: Entry, everyMs: number, now: number): void {
    const sincePhase = (((now - phaseOf(entry.id, everyMs)) % everyMs) + everyMs) % everyMs;
    entry.everyMs = everyMs;
    entry.plannedAt = now + ((everyMs - sincePhase) % everyMs);
    entry.version++;
    this.#push(entry);
    if (entry.confirmAt !== null) this.confirm(entry.id, entry.confirmAt);
  }

  #push(entry: Entry): void {
    const jitter = Math.min(LONGEST_JITTER_MS, entry.everyMs * JITTER_SHARE) * (2 * this.#random() - 1);
    this.#due.push(entry.plannedAt + jitter, { entry, kind: "scheduled", version: entry.version });
  }

  /** Asks for a confirmation run at `at`. */
  confirm(id: string, at: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.confirmAt = at;
    this.#due.push(at, { entry, kind: "confirmation", version: entry.version });
  }

  /** Asks for a run outside the rhythm, as soon as there is room. */
  request(id: string, now: number): void {
    const entry = this.#entries.get(id);
    if (entry && !entry.waiting) this.#wait(entry, { id, kind: "scheduled", plannedAt: now });
  }

  /** Drops a confirmation that is no longer needed. */
  settle(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) entry.confirmAt = null;
  }

  /** The runs to start at `now`; each must be reported by `finish`. */
  take(now: number): Start[] {
    for (let top = this.#due.peek(); top && top.at <= now; top = this.#due.peek()) {
      this.#due.pop();
      this.#ripen(top.value, top.at, now);
    }
    return this.#waiting.length === 0 ? [] : this.#start();
  }

  #ripen({ entry, kind, version }: Due, at: number, now: number): void {
    if (entry.version !== version) return;
    if (kind === "confirmation") {
      if (entry.confirmAt !== at) return;
      entry.confirmAt = null;
      this.#wait(entry, { id: entry.id, kind, plannedAt: at });
      return;
    }
    // After a stall (a suspended machine) the missed intervals are left out, not caught up.
    const missed = Math.max(0, Math.ceil((now - entry.plannedAt) / entry.everyMs) - 1);
    const plannedAt = entry.plannedAt + missed * entry.everyMs;
    entry.plannedAt = plannedAt + entry.everyMs;
    this.#push(entry);
    const busy = entry.running !== null || entry.waiting !== null;
    // A confirmation in its place asks the same question: nothing was left out then.
    const covered = entry.running === "confirmation" || entry.waiting?.kind === "confirmation";
    const skipped = missed + (busy && !covered ? 1 : 0);
    if (skipped > 0) this.#onSkipped(entry.id, skipped);
    if (!busy) this.#wait(entry, { id: entry.id, kind, plannedAt });
  }

  #wait(entry: Entry, start: Start): void {
    if (!entry.waiting) this.#waiting.push(entry);
    entry.waiting = start;
  }

  #start(): Start[] {
    const started: Start[] = [];
    for (const kind of ["confirmation", "scheduled"] as const) {
      for (const entry of this.#waiting) {
        if (this.#running.size >= this.#slots) break;
        if (entry.waiting?.kind !== kind || entry.running !== null) continue;
        if (entry.slow && this.#runningSlow >= Math.max(1, Math.floor(this.#slots / 2))) continue;
        started.push(entry.waiting);
        this.#running.set(entry.waiting, { entry, slow: entry.slow });
        if (entry.slow) this.#runningSlow++;
        entry.waiting = null;
        entry.running = kind;
      }
    }
    if (started.length > 0) this.#waiting = this.#waiting.filter((entry) => entry.waiting !== null);
    return started;
  }

  /** A run has ended; `timedOut` sends the check to the slow lane until it answers again. */
  finish(start: Start, { timedOut }: { timedOut: boolean }): void {
    const slot = this.#running.get(start);
    if (!slot || !this.#running.delete(start)) return;
    if (slot.slow) this.#runningSlow--;
    slot.entry.running = null;
    slot.entry.slow = timedOut;
  }

  /** When `take` has something to do next without a `finish`; undefined when nothing is planned. */
  next(): number | undefined {
    return this.#due.peek()?.at;
  }
}
