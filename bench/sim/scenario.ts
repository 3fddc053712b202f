import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { parseDuration } from "../../src/core/duration.ts";

const FOLDER = fileURLToPath(new URL("scenarios/", import.meta.url));

/** `90s` → milliseconds. */
const Time = z.string().transform((text) => {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`no duration: ${text}`);
  return ms;
});

const CheckText = z.strictObject({
  /** So many checks, `<name>-1` and on. */
  count: z.int().positive().default(1),
  every: Time,
  timeout: Time.optional(),
  critical: z.boolean().default(false),
  /** Names that it cannot do without. */
  needs: z.array(z.string()).default([]),
  /** What an answer usually takes. */
  takes: Time.default(20),
});

const Fault = z.strictObject({
  at: Time,
  /** Names of checks; one with a count stands for all of them. */
  who: z.array(z.string()).min(1),
  does: z.enum([
    "refused",
    "reset",
    "http-5xx",
    "read-timeout",
    "process-gone",
    "crash-loop",
    /** `times` as slow as usual. */
    "slow",
    /** Its certificate ends `ends_in` later. */
    "certificate",
  ]),
  /** The part of the runs that it breaks, drawn at random. */
  share: z.number().positive().max(1).default(1),
  /** Broken for `on`, well for `off`, and so on. */
  on: Time.optional(),
  off: Time.optional(),
  times: z.number().optional(),
  ends_in: Time.optional(),
  for: Time.optional(),
  /** What brings it back. */
  until: z.enum(["restart", "redeploy"]).optional(),
  /** Nobody should hear of it. */
  nothing: z.boolean().default(false),
});
export type Fault = z.infer<typeof Fault>;

const Step = z.union([
  Fault,
  z.strictObject({ at: Time, prober: z.enum(["offline", "stalled"]), for: Time }),
  z.strictObject({ at: Time, leader: z.literal("killed"), away: Time, during: z.literal("restart").optional() }),
  z.strictObject({ at: Time, deploy: z.array(z.string()) }),
]);
export type Step = z.infer<typeof Step>;

const ScenarioText = z.strictObject({
  says: z.string(),
  lasts: Time,
  /** How often incidents are looked at while nothing happens; for a while after each event it is once a second. */
  look: Time.default(10_000),
  checks: z.record(z.string(), CheckText),
  script: z.array(Step),
  expect: z.strictObject({
    /** From each fault to its incident. */
    opens_within: Time.optional(),
    /** Faults that people are told of as one thing; at most so many pages for each. */
    pages_each: z.number(),
    restarts: z.int().default(0),
    redeploys: z.int().default(0),
  }),
});

/** One check of a scenario; times in milliseconds. */
export interface SimCheck {
  name: string;
  everyMs: number;
  timeoutMs: number;
  critical: boolean;
  needs: string[];
  takesMs: number;
}

/** What happens to targets, and what should come of it; times in milliseconds from its beginning. */
export interface Scenario extends Omit<z.infer<typeof ScenarioText>, "checks"> {
  name: string;
  checks: SimCheck[];
}

/** All scenarios, in the order of their names. */
export function loadScenarios(): Scenario[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => readScenario(file.slice(0, -".yaml".length), readFileSync(`${FOLDER}${file}`, "utf8")));
}

function readScenario(name: string, text: string): Scenario {
  const { checks, script, ...rest } = ScenarioText.parse(parse(text));
  const named = (key: string) => Array.from({ length: checks[key]?.count ?? 0 }, (_, i) => nameOf(key, i, checks));
  const expand = (keys: readonly string[]) =>
    keys.flatMap((key) => {
      if (!checks[key]) throw new Error(`${name}: no check ${key}`);
      return named(key);
    });
  return {
    ...{ name, ...rest },
    checks: Object.entries(checks).flatMap(([key, { every, timeout, critical, needs, takes }]) =>
      named(key).map((one) => ({
        ...{ name: one, everyMs: every, timeoutMs: timeout ?? Math.min(10_000, every / 2), critical },
        ...{ needs: expand(needs), takesMs: takes },
      })),
    ),
    script: script
      .map((step) => {
        if ("who" in step) return { ...step, who: expand(step.who) };
        return "deploy" in step ? { ...step, deploy: expand(step.deploy) } : step;
      })
      .sort((a, b) => a.at - b.at),
  };
}

function nameOf(key: string, index: number, checks: Readonly<Record<string, { count: number }>>): string {
  return checks[key]?.count === 1 ? key : `${key}-${index + 1}`;
}
