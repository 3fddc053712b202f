import { START } from "../../src/incidents/testing.ts";
import { isPage } from "../../src/notify/routing.ts";
import type { Store } from "../../src/store/connect.ts";
import { sql } from "../../src/store/drizzle.ts";
import type { Act } from "./hands.ts";
import type { Story } from "./run.ts";
import type { SimCheck } from "./scenario.ts";
import type { Spell } from "./world.ts";

/** What a scenario came to; times in milliseconds. */
export interface Figures {
  scenario: string;
  seed: number;
  /** Faults that somebody should hear of, and those without an incident. */
  faults: number;
  missed: number;
  /** From each fault that was found to its incident. */
  opensMs: number[];
  checkHours: number;
  /** Incidents with no fault behind them. */
  falseIncidents: number;
  pages: number;
  /** DOWN while the target was well; a recovery that is still being watched counts too. */
  wrongDownMinutes: number;
  /** Healing actions; `clears`: sessions or pools that were cleared. */
  restarts: number;
  redeploys: number;
  clears: number;
  /** Restarts and actions beyond what an hour or a day allows. */
  violations: number;
  /** What the scenario wanted otherwise. */
  unmet: string[];
}

/** An incident may open so long after its fault is over. */
const LATE_MS = 2 * 60_000;
const HOUR_MS = 3_600_000;
/** A recovery is believed after three runs that pass; their start jitter comes on top. */
const RECOVERY_INTERVALS = 3.2;
const LIMITS = { restartsAnHour: 2, actionsAnHour: 4, actionsADay: 10 };

/** Measures a story against what was true. */
export async function measure(store: Store, story: Story, seed: number): Promise<Figures> {
  const { scenario, world, acts, messages, problems } = story;
  const opened = await openings(store, `sim-${scenario.name}-${seed}`);
  const real = world.spells.filter(({ nothing }) => !nothing);
  const found = real.map((spell) => opened.find((one) => belongs(one, spell)));
  const opensMs = found.flatMap((one, index) => (one ? one.at - (real[index]?.at ?? 0) : []));
  const done = (what: Act["what"]) => acts.filter((act) => act.what === what).length;
  const figures: Figures = {
    ...{ scenario: scenario.name, seed, faults: real.length, missed: found.filter((one) => !one).length, opensMs },
    checkHours: (scenario.checks.length * scenario.lasts) / HOUR_MS,
    falseIncidents: opened.filter((one) => !real.some((spell) => belongs(one, spell))).length,
    pages: messages.filter(({ message }) => isPage(message)).length,
    wrongDownMinutes: wrongDown(story.downs, world.spells) / 60_000,
    ...{ restarts: done("restart"), redeploys: done("redeploy"), clears: done("clear-sessions") },
    violations: violationsOf(acts),
    unmet: [],
  };
  const watchedMinutes = recoveriesMs(scenario.checks, real) / 60_000;
  return {
    ...figures,
    unmet: [...unmet(scenario.expect, figures, watchedMinutes), ...problems.map((error) => `failed: ${error}`)],
  };
}

/** Somebody is told that something is wrong; `at` in milliseconds from the scenario's beginning. */
interface Opening {
  service: string;
  at: number;
}

async function openings({ db }: Store, app: string): Promise<Opening[]> {
  const { rows } = await db.execute<{ service: string; at: string | Date }>(sql`
    SELECT i.service, e.at FROM incident_event e JOIN incident i ON i.id = e.incident_id
    WHERE i.app = ${app} AND e.kind IN ('opened', 'reopened') ORDER BY e.at, e.seq, i.service`);
  return rows.map(({ service, at }) => ({ service, at: new Date(at).getTime() - START }));
}

/** Whether this fault is what it is about. */
export function belongs({ service, at }: Opening, { who, at: from, endedAt }: Spell): boolean {
  return who.includes(service) && at >= from && at <= endedAt + LATE_MS;
}

/** How long targets were held for DOWN while nothing was wrong with them, ms. */
export function wrongDown(downs: Story["downs"], spells: readonly Spell[]): number {
  return downs.reduce((sum, { name, from, to }) => {
    const guilty = spells.filter(({ who }) => who.includes(name));
    const right = guilty.map((spell) => Math.max(0, Math.min(to, spell.endedAt) - Math.max(from, spell.at)));
    return sum + Math.max(0, to - from - right.reduce((all, ms) => all + ms, 0));
  }, 0);
}

/** How long, at most, targets may be held for DOWN after faults that are over: until their recoveries are believed, ms. */
export function recoveriesMs(
  checks: readonly Pick<SimCheck, "name" | "everyMs">[],
  faults: readonly Pick<Spell, "who">[],
): number {
  const ill = faults.flatMap(({ who }) => who);
  return checks.reduce(
    (sum, { name, everyMs }) => sum + RECOVERY_INTERVALS * everyMs * ill.filter((one) => one === name).length,
    0,
  );
}

/** Counted from what was done to the services, not from what the store says of it. */
function violationsOf(acts: readonly Act[]): number {
  const restarts = Map.groupBy(
    acts.filter(({ what }) => what === "restart"),
    ({ service }) => service,
  );
  const perService = [...restarts.values()].map((own) => beyond(own, HOUR_MS, LIMITS.restartsAnHour));
  const all = [beyond(acts, HOUR_MS, LIMITS.actionsAnHour), beyond(acts, 24 * HOUR_MS, LIMITS.actionsADay)];
  return [...perService, ...all].reduce((sum, count) => sum + count, 0);
}

function beyond(acts: readonly Act[], windowMs: number, most: number): number {
  return acts.filter(({ at }, index) => at - (acts[index - most]?.at ?? Number.NEGATIVE_INFINITY) < windowMs).length;
}

function unmet(expect: Story["scenario"]["expect"], figures: Figures, watchedMinutes: number): string[] {
  const { opens_within: opensWithin, pages_each: pagesEach, restarts, redeploys } = expect;
  const latest = Math.max(0, ...figures.opensMs);
  const wanted: readonly [boolean, string][] = [
    [opensWithin === undefined || latest <= opensWithin, `opened after ${latest} ms`],
    [figures.pages <= pagesEach * Math.max(1, figures.faults), `${figures.pages} pages`],
    [figures.restarts <= restarts, `${figures.restarts} restarts`],
    [figures.redeploys <= redeploys, `${figures.redeploys} redeployments`],
    [figures.missed === 0, `${figures.missed} missed`],
    [figures.falseIncidents === 0, `${figures.falseIncidents} false incidents`],
    [figures.wrongDownMinutes <= watchedMinutes, `${figures.wrongDownMinutes.toFixed(1)} min DOWN while well`],
    [figures.violations === 0, `${figures.violations} beyond the limits`],
  ];
  return wanted.flatMap(([holds, text]) => (holds ? [] : [text]));
}
