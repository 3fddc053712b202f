import type { Clock } from "../../src/core/clock.ts";
import { seeded } from "../../src/deploy/analysis/random.ts";
import { needsOf } from "../../src/incidents/depend.ts";
import { controlDatabaseTime, START } from "../../src/incidents/testing.ts";
import type { Message } from "../../src/notify/message.ts";
import type { Store } from "../../src/store/connect.ts";
import { saveStates } from "../../src/watch/state.ts";
import { createDuty } from "./duty.ts";
import { type Act, createHands } from "./hands.ts";
import { createProber } from "./prober.ts";
import type { Scenario, SimCheck } from "./scenario.ts";
import { createWorld, type World } from "./world.ts";

/** What happened, times in milliseconds from the scenario's beginning. */
export interface Story {
  scenario: Scenario;
  world: World;
  /** Each time a check was DOWN. */
  downs: { name: string; from: number; to: number }[];
  messages: { at: number; message: Message }[];
  acts: Act[];
  problems: unknown[];
}

const SAVE_EVERY_MS = 10_000;
/** After each change of a verdict incidents are looked at once a second for so long. */
const LIVELY_MS = 45_000;
const SECOND = 1_000;

/** Opens the simulator on a store; the time by which its database counts restarts is the scenario's from now on. */
export async function openSimulator(store: Store): Promise<(scenario: Scenario, seed: number) => Promise<Story>> {
  const setDatabaseTime = await controlDatabaseTime(store);
  return (scenario, seed) => play({ store, setDatabaseTime, scenario, seed });
}

interface Play {
  store: Store;
  setDatabaseTime(at: number): Promise<void>;
  scenario: Scenario;
  seed: number;
}

async function play({ store, setDatabaseTime, scenario, seed }: Play): Promise<Story> {
  let now = START;
  const since = () => now - START;
  const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => {} };
  const random = seeded(seed);
  const world = createWorld(scenario, random);
  const environment = `sim-${scenario.name}-${seed}`;
  const story: Story = { scenario, world, downs: [], messages: [], acts: [], problems: [] };
  let livelyUntil = now;
  const prober = createProber({
    ...{ scenario, environment, world, clock, begin: START, random },
    onVerdict: async (event, kept) => {
      livelyUntil = now + LIVELY_MS;
      noteDown(story, event.service ?? "", event.to === "DOWN", since());
      await setDatabaseTime(now);
      await duty.hear(event, kept);
    },
  });
  const hands = createHands({ scenario, world, verdictOf: prober.verdictOf, acts: story.acts, clock, begin: START });
  const duty = createDuty({
    ...{ store, environment, clock, effects: hands.effects, hangs: hands.hang },
    app: environment,
    needs: async ({ service }) => needsOf(direct(scenario.checks, service ?? ""), hands.dependencies),
    channel: { reaches: "people", send: async (message) => void story.messages.push({ at: since(), message }) },
    report: (error) => void story.problems.push(error),
  });
  await setDatabaseTime(now);
  for (const { name } of scenario.checks) await duty.grant(name);

  const leaders = scenario.script.filter((step) => "leader" in step);
  const end = START + scenario.lasts;
  const saveEvery = Math.max(SAVE_EVERY_MS, scenario.look);
  let [tickAt, saveAt, backAt] = [now, now + saveEvery, Number.POSITIVE_INFINITY];
  while (now < end) {
    const nextKill = leaders[0] && leaders[0].during === undefined ? START + leaders[0].at : Number.POSITIVE_INFINITY;
    now = Math.min(end, Math.max(now, Math.min(prober.next(), tickAt, saveAt, backAt, nextKill)));
    const [first] = leaders;
    if (first && since() >= first.at) {
      if (first.during) hands.trap();
      if (first.during === undefined || hands.hang()) {
        leaders.shift();
        await duty.kill();
        hands.release();
        backAt = now + first.away;
      }
    }
    if (now >= backAt) {
      backAt = Number.POSITIVE_INFINITY;
      await duty.takeOver();
    }
    await prober.step();
    if (now >= saveAt) {
      saveAt = now + saveEvery;
      if (world.trouble(since())?.what !== "stalled") await saveStates(store.db, prober.states());
    }
    if (now < tickAt) continue;
    await setDatabaseTime(now);
    await duty.tick();
    tickAt = now + (now < livelyUntil ? SECOND : scenario.look);
  }
  await duty.kill();
  for (const { name } of scenario.checks) noteDown(story, name, false, since());
  return story;
}

function direct(checks: readonly SimCheck[], name: string): readonly string[] {
  return checks.find((check) => check.name === name)?.needs ?? [];
}

/** Notes that a check is DOWN from `at` on, or is not any more. */
export function noteDown({ downs }: Pick<Story, "downs">, name: string, isDown: boolean, at: number): void {
  const open = downs.find((down) => down.name === name && down.to === Number.POSITIVE_INFINITY);
  if (isDown && !open) downs.push({ name, from: at, to: Number.POSITIVE_INFINITY });
  if (!isDown && open) open.to = at;
}
