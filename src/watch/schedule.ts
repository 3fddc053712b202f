import { createHash } from "node:crypto";
import type { SchedulerView } from "../contract/scheduler.ts";
import { createRecorder, type Histogram, quantile } from "../core/histogram.ts";
import { type Entry, newEntry, type RunKind, type Start, type Waiting } from "./entry.ts";
import { createHeap } from "./heap.ts";
import { Lanes } from "./lanes.ts";

export interface Timed {
  id: string;
  everyMs: number;
  /** Keeps its rhythm whatever happens. */
  critical?: boolean;
  /** `host:port` that it asks: at most 4 runs at the same time. */
  target?: string | null;
}

interface ScheduleOptions {
  /** Runs at the same time while little is asked for. */
  slots?: number;
  /** The same, whatever is asked for. */
  mostSlots?: number;
  /** In [0, 1), for the start jitter. */
  random?: () => number;
  /** Called when a scheduled run is left out, because the one before still runs or waits. */
  onSkipped?: (id: string, count: number) => void;
}

/** How the schedule keeps up, since it began. */
export interface SchedulerFigures extends SchedulerView {
  /** Milliseconds from when a scheduled run was due, its jitter included, to its start. */
  lateness: Histogram;
  /** Of those that did not time out the time before. */
  fastLateness: Histogram;
}

interface Due {
  entry: Entry;
  kind: RunKind;
  version: number;
}

interface Running {
  entry: Entry;
  startedAt: number;
  run: Parameters<Lanes<Waiting>["leave"]>[0];
}

const SLOTS = 32;
const MOST_SLOTS = 1_024;
const PER_TARGET = 4;
const JITTER_SHARE = 0.05;
const LONGEST_JITTER_MS = 3_000;
const STRETCH = { most: 8, waited: 0.5, calm: 0.1, calmRuns: 10 };

/** Where in its interval a check runs: spread by its name, and the same after each restart. */
export function phaseOf(id: string, everyMs: number): number {
  return createHash("sha256").update(id).digest().readUInt32BE(0) % everyMs;
}

function firstAfter(now: number, { id, everyMs }: Timed): number {
  const sincePhase = (((now - phaseOf(id, everyMs)) % everyMs) + everyMs) % everyMs;
  return now + ((everyMs - sincePhase) % everyMs);
}

function jitterOf({ everyMs }: Pick<Timed, "everyMs">): number {
  return Math.min(LONGEST_JITTER_MS, everyMs * JITTER_SHARE);
}

/**
 * When which check runs: fixed rate (`planned(n+1) = planned(n) + every`), one run of a check at a time. One that is not critical
 * and has waited half its interval for a slot runs half as often from then on, down to an eighth, until ten runs in a row hardly
 * waited. As soon as nothing waits and there is room for all, or its target answers again, it runs as often as it should at once.
 * Knows no clock and no timer: time arrives with each call, in milliseconds that never go back.
 */
export class Schedule {
  readonly #random: () => number;
  readonly #onSkipped: (id: string, count: number) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #due = createHeap<Due>();
  readonly #running = new Map<Start, Running>();
  readonly #lanes: Lanes<Waiting>;
  readonly #lateness = createRecorder();
  readonly #fastLateness = createRecorder();
  /** Those that run less often than they should. */
  readonly #stretched = new Set<Entry>();
  #skipped = 0;

  constructor({ slots = SLOTS, mostSlots = MOST_SLOTS, random = Math.random, onSkipped }: ScheduleOptions = {}) {
    this.#lanes = new Lanes({ slots, mostSlots, perTarget: PER_TARGET });
    this.#random = random;
    this.#onSkipped = onSkipped ?? (() => {});
  }

  /** From now on exactly these checks run; those already known keep their rhythm and what is under way. */
  set(checks: readonly Timed[], now: number): void {
    const wanted = new Set(checks.map(({ id }) => id));
    for (const [id, entry] of this.#entries) {
      if (wanted.has(id)) continue;
      entry.version++;
      entry.waiting = null;
      this.#stretch(entry, 1);
      this.#lanes.demand.remove(entry);
      this.#entries.delete(id);
    }
    for (const { id, everyMs, critical = true, target = null } of checks) {
      const known = this.#entries.get(id);
      const hasNewRhythm = known?.everyMs !== everyMs;
      const entry = known ?? newEntry(id, everyMs);
      if (!known) this.#lanes.demand.add(entry);
      this.#entries.set(id, entry);
      this.#change(entry, { critical, target, everyMs });
      if (critical) this.#stretch(entry, 1);
      if (hasNewRhythm) this.#plan(entry, firstAfter(now, entry));
    }
  }

  /** Changes a check, and with it what all need together. */
  #change(entry: Entry, to: Partial<Entry>): void {
    this.#lanes.demand.remove(entry);
    Object.assign(entry, to);
    this.#lanes.demand.add(entry);
  }

  /** What was planned before is void. */
  #plan(entry: Entry, plannedAt: number): void {
    entry.plannedAt = plannedAt;
    entry.version++;
    this.#push(entry);
    if (entry.confirmAt !== null) this.confirm(entry.id, entry.confirmAt);
  }

  #push(entry: Entry): void {
    const jitter = jitterOf(entry) * (2 * this.#random() - 1);
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
    if (entry && !entry.waiting) this.#wait(entry, { id, kind: "scheduled", plannedAt: now }, { dueAt: now, now });
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
    const started: Start[] = [];
    for (let next = this.#lanes.enter(now); next; next = this.#lanes.enter(now)) {
      const { entry, start, readyAt, dueAt } = next.waiter;
      this.#running.set(start, { entry, startedAt: now, run: next.run });
      entry.waiting = null;
      entry.running = start.kind;
      if (start.kind === "scheduled") {
        const late = Math.max(0, now - dueAt);
        this.#lateness.add(late);
        if (!entry.slow) this.#fastLateness.add(late);
        this.#pace(entry, now - readyAt);
      }
      started.push(start);
    }
    if (!this.#lanes.isWaiting) this.#relax(now, ({ target }) => this.#lanes.hasRoomForAll(target));
    return started;
  }

  #ripen({ entry, kind, version }: Due, at: number, now: number): void {
    if (entry.version !== version) return;
    if (kind === "confirmation") {
      if (entry.confirmAt !== at) return;
      entry.confirmAt = null;
      this.#wait(entry, { id: entry.id, kind, plannedAt: at }, { dueAt: at, now });
      return;
    }
    const busy = entry.running !== null || entry.waiting !== null;
    if (busy && entry.running === null) this.#pace(entry, now - (entry.waiting?.readyAt ?? now));
    const interval = entry.everyMs * entry.stretch;
    // After a stall (a suspended machine) the missed intervals are left out, not caught up.
    const missed = Math.max(0, Math.ceil((now - entry.plannedAt) / interval) - 1);
    const plannedAt = entry.plannedAt + missed * interval;
    entry.plannedAt = plannedAt + interval;
    this.#push(entry);
    // A confirmation in its place asks the same question: nothing was left out then.
    const covered = entry.running === "confirmation" || entry.waiting?.start.kind === "confirmation";
    const skipped = missed + (busy && !covered ? 1 : 0);
    if (skipped > 0) this.#onSkipped(entry.id, skipped);
    this.#skipped += skipped;
    if (!busy) this.#wait(entry, { id: entry.id, kind, plannedAt }, { dueAt: at + missed * interval, now });
  }

  #wait(entry: Entry, start: Start, { dueAt, now }: { dueAt: number; now: number }): void {
    const waiting: Waiting = {
      ...{ entry, start, dueAt, readyAt: now },
      ...{ first: start.kind === "confirmation", slow: entry.slow, target: entry.target },
      isVoid: () => entry.waiting !== waiting,
    };
    entry.waiting = waiting;
    if (entry.running === null) this.#lanes.push(waiting);
  }

  /** Runs less often after a long wait for a slot, and as it should again after a calm while. */
  #pace(entry: Entry, waitedMs: number): void {
    const interval = entry.everyMs * entry.stretch;
    if (waitedMs > STRETCH.waited * interval) {
      entry.calm = 0;
      if (!entry.critical) this.#stretch(entry, Math.min(STRETCH.most, entry.stretch * 2));
    } else if (entry.stretch > 1) {
      entry.calm = waitedMs <= STRETCH.calm * interval ? entry.calm + 1 : 0;
      if (entry.calm >= STRETCH.calmRuns) this.#stretch(entry, entry.stretch / 2);
    }
  }

  #stretch(entry: Entry, stretch: number): void {
    this.#change(entry, { stretch, calm: 0 });
    if (stretch > 1) this.#stretched.add(entry);
    else this.#stretched.delete(entry);
  }

  /** What runs less often and is free to is due in its own rhythm again, not only after its long interval. */
  #relax(now: number, isFree: (entry: Entry) => boolean): void {
    for (const entry of this.#stretched) {
      if (!isFree(entry)) continue;
      this.#stretch(entry, 1);
      // The time that its last run was planned for may still be ahead, by the jitter.
      const early = Math.floor((entry.plannedAt - now - jitterOf(entry)) / entry.everyMs);
      if (early > 0) this.#plan(entry, entry.plannedAt - early * entry.everyMs);
    }
  }

  /** A run has ended; `timedOut` sends the check to the slow lane until it answers again. */
  finish(start: Start, { timedOut }: { timedOut: boolean }, now: number): void {
    const running = this.#running.get(start);
    if (!running || !this.#running.delete(start)) return;
    const { entry, startedAt, run } = running;
    this.#lanes.leave(run);
    entry.running = null;
    if (this.#entries.get(entry.id) !== entry) return;
    const answersAgain = entry.slow && !timedOut;
    this.#change(entry, { slow: timedOut, durationMs: now - startedAt });
    // What the others at its target needed when they ran last is no longer true.
    if (answersAgain)
      this.#relax(now, (other) => other === entry || (other.target !== null && other.target === entry.target));
    if (!entry.waiting) return;
    entry.waiting.slow = timedOut;
    // What it waited for was itself, not a slot.
    entry.waiting.readyAt = now;
    this.#lanes.push(entry.waiting);
  }

  /** When `take` has something to do next without a `finish`; undefined when nothing is planned. */
  next(): number | undefined {
    const times = [this.#due.peek()?.at, this.#lanes.nextRoom()].filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** By how much the interval of a check is longer than it should be right now: 1, 2, 4 or 8. */
  stretchOf(id: string): number {
    return this.#entries.get(id)?.stretch ?? 1;
  }

  figures(): SchedulerFigures {
    const { inflight, slots } = this.#lanes;
    const lateness = this.#lateness.read();
    return {
      lateness,
      fastLateness: this.#fastLateness.read(),
      latenessP50: quantile(lateness, 0.5),
      latenessP99: quantile(lateness, 0.99),
      inflight: { ...inflight },
      slots,
      skipped: this.#skipped,
      slowed: this.#stretched.size,
    };
  }
}
