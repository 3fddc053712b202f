import type { Family, RunResult } from "../../src/watch/types.ts";
import type { Fault, Scenario, SimCheck, Step } from "./scenario.ts";

type Answer = Pick<RunResult, "outcome" | "class" | "family" | "detail" | "durationMs" | "facts">;

/** A fault and when it really ended, in the scenario's milliseconds. */
export interface Spell extends Fault {
  endedAt: number;
}

/** What is true of the targets, whoever looks. Times in milliseconds from the scenario's beginning. */
export interface World {
  readonly spells: readonly Spell[];
  /** What a run that begins at `at` will say. */
  answer(check: SimCheck, at: number): Answer;
  /** Whether something is wrong with the target, also between two failures of one that comes and goes. */
  isWell(name: string, at: number): boolean;
  /** The prober's own trouble; null for none. */
  trouble(at: number): { what: "offline" | "stalled"; at: number; for: number } | null;
  /** The service is restarted or gets its last good release; it takes a moment. */
  mend(name: string, how: "restart" | "redeploy", at: number): void;
  /** How its process ended; null while it lives. */
  ended(name: string, at: number): string | null;
  /** When the service was deployed last. */
  deployedAt(name: string, at: number): number | null;
}

const BOOT_MS = 5_000;
/** Where nothing is said it fails for good. */
const FOR_GOOD = Number.POSITIVE_INFINITY;
const QUICK_MS = 1;
const FAMILIES: Readonly<Partial<Record<Fault["does"], Family>>> = { "crash-loop": "deploy" };

export function createWorld({ script }: Pick<Scenario, "script">, random: () => number): World {
  const spells: Spell[] = script.flatMap((step) =>
    "does" in step ? [{ ...step, endedAt: step.at + (step.for ?? FOR_GOOD) }] : [],
  );
  const of = (name: string, at: number) =>
    spells.find(({ who, at: begun, endedAt }) => who.includes(name) && begun <= at && at < endedAt);
  const trouble = (at: number) =>
    script.find((step): step is Extract<Step, { prober: unknown }> => "prober" in step && isIn(step, at)) ?? null;

  return {
    spells,
    answer: (check, at) => {
      const takes = check.takesMs * (0.8 + 0.4 * random());
      const own = trouble(at);
      if (own) return failure("connect-timeout", check.timeoutMs);
      const spell = of(check.name, at);
      if (!spell || !breaks(spell, at, random)) return well(takes);
      return broken(spell, { check, takes, at });
    },
    isWell: (name, at) => of(name, at) === undefined,
    trouble: (at) => {
      const step = trouble(at);
      return step && { what: step.prober, at: step.at, for: step.for };
    },
    mend: (name, how, at) => {
      const spell = of(name, at);
      if (spell?.until === how) spell.endedAt = at + BOOT_MS;
    },
    ended: (name, at) => {
      const { does, until, endedAt } = of(name, at) ?? {};
      // What was mended is starting.
      if (until !== undefined && endedAt !== FOR_GOOD) return null;
      return does === "process-gone" || does === "crash-loop" ? "ended (exit 1)" : null;
    },
    deployedAt: (name, at) => {
      const before = script.filter((step) => "deploy" in step && step.deploy.includes(name) && step.at <= at);
      return before.at(-1)?.at ?? null;
    },
  };
}

function isIn({ at: from, for: length }: { at: number; for: number }, at: number): boolean {
  return from <= at && at < from + length;
}

/** Whether it breaks this run. */
function breaks({ at: begun, on, off, share }: Spell, at: number, random: () => number): boolean {
  if (on !== undefined && off !== undefined) return (at - begun) % (on + off) < on;
  return share === 1 || random() < share;
}

function broken(spell: Spell, { check, takes, at }: { check: SimCheck; takes: number; at: number }): Answer {
  const { does, times = 1, ends_in: endsIn = 0 } = spell;
  if (does === "slow") return well(Math.min(takes * times, check.timeoutMs));
  if (does === "certificate") return certificate(spell.at + endsIn - at, takes);
  return failure(does, does === "read-timeout" ? check.timeoutMs : QUICK_MS, FAMILIES[does]);
}

function well(durationMs: number): Answer {
  return { outcome: "ok", class: null, family: null, detail: null, durationMs };
}

function failure(name: string, durationMs: number, family: Family = "availability"): Answer {
  return { outcome: "fail", class: name, family, detail: name, durationMs };
}

function certificate(leftMs: number, durationMs: number): Answer {
  const secondsLeft = leftMs / 1_000;
  return {
    ...{ durationMs, family: "tls", detail: `ends in ${Math.round(secondsLeft)} s`, facts: { secondsLeft } },
    ...(leftMs > 0 ? { outcome: "slow", class: "tls-expiring" } : { outcome: "fail", class: "tls-expired" }),
  };
}
