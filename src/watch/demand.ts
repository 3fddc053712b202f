import type { Entry } from "./entry.ts";

/** Less than this is what rounding leaves of nothing. */
const NOTHING = 1e-9;

/** How many runs at the same time the checks need: Σ duration / interval, by what their last runs took. */
export class Demand {
  /** As often as they run now; `slow`: those of them that time out. */
  readonly now = { all: 0, slow: 0 };
  /** The same if none ran less often than it should. */
  readonly wanted = { all: 0, slow: 0 };
  readonly #targets = new Map<string, number>();

  /** Counts a check in. It must not change what it needs before `remove`. */
  add(entry: Entry): void {
    this.#count(entry, 1);
  }

  remove(entry: Entry): void {
    this.#count(entry, -1);
  }

  /** Of all checks that ask this target, if none ran less often than it should. */
  wantedAt(target: string): number {
    return this.#targets.get(target) ?? 0;
  }

  #count({ durationMs, everyMs, stretch, slow, target }: Entry, sign: 1 | -1): void {
    const share = (sign * durationMs) / everyMs;
    for (const [sums, part] of [
      [this.now, share / stretch],
      [this.wanted, share],
    ] as const) {
      sums.all += part;
      if (slow) sums.slow += part;
    }
    if (target === null) return;
    const sum = this.wantedAt(target) + share;
    if (sum > NOTHING) this.#targets.set(target, sum);
    else this.#targets.delete(target);
  }
}
