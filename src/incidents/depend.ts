import type { Needs } from "./surroundings.ts";

/** What needs what, and what each says of itself. */
export interface Dependencies {
  direct(name: string): readonly string[];
  /** `unknown`: nothing is watched under that name, or nobody could look. */
  verdict(name: string): "failing" | "well" | "unknown";
}

/**
 * What is needed over any number of steps, the nearest first, and which of it explains a failure: the first on each way that fails.
 * One that is well explains nothing, whatever fails behind it; one that nobody can look at is looked through. `start`: what is
 * needed directly.
 */
export function needsOf(start: readonly string[], { direct, verdict }: Dependencies): Needs {
  const all: string[] = [];
  const failing: string[] = [];
  const asked = new Set<string>();
  let reached: readonly string[] = start;
  let open: readonly string[] = start;
  while (reached.length > 0) {
    const fresh = [...new Set(reached)].filter((name) => !all.includes(name));
    const through = new Set<string>();
    for (const name of new Set(open)) {
      if (asked.has(name)) continue;
      asked.add(name);
      const said = verdict(name);
      if (said === "failing") failing.push(name);
      if (said === "unknown") for (const next of direct(name)) through.add(next);
    }
    all.push(...fresh);
    open = [...through];
    reached = [...fresh.flatMap(direct), ...open.filter((name) => !asked.has(name))];
  }
  return { all, failing };
}
