import type { Clock } from "../../src/core/clock.ts";
import { createAnchors } from "../../src/watch/anchors.ts";
import { BrownOuts } from "../../src/watch/brown-out.ts";
import type { Start } from "../../src/watch/entry.ts";
import type { Gate } from "../../src/watch/gate.ts";
import { createHeap } from "../../src/watch/heap.ts";
import { createJudge } from "../../src/watch/judge.ts";
import type { RunReport } from "../../src/watch/probes/run.ts";
import { Schedule } from "../../src/watch/schedule.ts";
import type { Kept } from "../../src/watch/state.ts";
import type { VerdictEvent } from "../../src/watch/types.ts";
import { decide, newCheck, type VerdictState } from "../../src/watch/verdict.ts";
import type { Scenario, SimCheck } from "./scenario.ts";
import type { World } from "./world.ts";

/** The usual p95 is a little above what an answer takes. */
const USUAL = 1.25;
const STALL_MS = 1_000;
const ANCHORS = ["192.0.2.1:53", "192.0.2.2:53"];

interface Watched {
  check: SimCheck;
  spec: VerdictSpec;
  state: VerdictState;
}

type VerdictSpec = Pick<VerdictEvent, "environment" | "service" | "component" | "critical" | "everyMs"> & {
  id: string;
  recheck: number;
};

interface ProberOptions {
  scenario: Scenario;
  environment: string;
  world: World;
  clock: Clock;
  /** What the clock said when the scenario began. */
  begin: number;
  random: () => number;
  onVerdict(event: VerdictEvent, kept: Kept): Promise<void>;
}

/** The half that looks: the real schedule, judge and verdicts over targets that are only played. */
export interface Prober {
  /** When there is something to do next. */
  next(): number;
  /** Ends and begins the runs that are due now. */
  step(): Promise<void>;
  states(): Kept[];
  verdictOf(name: string): { verdict: VerdictState["verdict"]; since: number | null } | undefined;
}

export function createProber({ scenario, environment, world, clock, begin, random, onVerdict }: ProberOptions): Prober {
  const checks = new Map<string, Watched>(scenario.checks.map((check) => [check.name, watched(check, environment)]));
  const schedule = new Schedule({ random });
  const ending = createHeap<{ start: Start; report: RunReport }>();
  const brownOuts = new BrownOuts();
  brownOuts.setUsual(new Map(scenario.checks.map(({ name, takesMs }) => [name, USUAL * takesMs])));
  const since = () => clock.now() - begin;
  const anchors = createAnchors({
    clock,
    configured: ANCHORS,
    reaches: async () => world.trouble(since()) === null,
  });
  const judge = createJudge({ clock, gate: gateOf(world, begin), anchors, planned: async () => () => null });
  schedule.set(
    scenario.checks.map(({ name, everyMs, critical }) => ({ id: name, everyMs, critical })),
    clock.now(),
  );

  function launch(start: Start): void {
    const one = checks.get(start.id);
    if (!one) return;
    const startedAt = clock.now();
    const answer = world.answer(one.check, since());
    const report = { plannedAt: start.plannedAt, startedAt, kind: start.kind, phases: null, body: null, ...answer };
    ending.push(startedAt + answer.durationMs, { start, report });
  }

  async function end(one: Watched, report: RunReport): Promise<void> {
    const { check, spec, state: before } = one;
    const target = { host: `198.51.100.${1 + (check.name.length % 250)}`, port: 443 };
    const judged = await judge(report, {
      ...{ begun: report.startedAt, service: check.name, target, state: before, rules: spec },
    });
    const { phases: _, body: __, ...result } = judged;
    const timed = result.outcome === "ok" && result.kind === "scheduled";
    const brownOut = timed
      ? brownOuts.judge(check.name, result.durationMs, { now: clock.now(), already: before.verdict === "DEGRADED" })
      : undefined;
    const { state, effects } = decide(
      before,
      { result, blind: null, random: random(), ...(brownOut === undefined ? {} : { brownOut }) },
      spec,
    );
    one.state = state;
    if (state.confirming === null) schedule.settle(check.name);
    for (const effect of effects) {
      if (effect.type === "recheck") schedule.confirm(check.name, clock.now() + effect.inMs);
      if (effect.type !== "verdict") continue;
      const { type: _type, ...change } = effect;
      const { id: checkId, recheck: _recheck, ...about } = spec;
      await onVerdict({ checkId, ...about, ...change }, { spec, state });
    }
  }

  return {
    next: () => Math.min(schedule.next() ?? Number.POSITIVE_INFINITY, ending.peek()?.at ?? Number.POSITIVE_INFINITY),
    step: async () => {
      for (let top = ending.peek(); top && top.at <= clock.now(); top = ending.peek()) {
        ending.pop();
        const { start, report } = top.value;
        const one = checks.get(start.id);
        if (one) await end(one, report);
        const timedOut = report.class === "connect-timeout" || report.class === "read-timeout";
        schedule.finish(start, { timedOut }, clock.now());
      }
      for (const start of schedule.take(clock.now())) launch(start);
    },
    states: () => [...checks.values()].map(({ spec, state }) => ({ spec, state })),
    verdictOf: (name) => checks.get(name)?.state,
  };
}

function watched(check: SimCheck, environment: string): Watched {
  const { name, critical, everyMs } = check;
  const about = { environment, service: name, component: "service", critical, everyMs };
  return { check, spec: { id: `${environment}/${name}/health`, recheck: 2, ...about }, state: newCheck };
}

/** What the gate says of a stall; how it measures one is left out, since nothing here takes real time. */
function gateOf(world: World, begin: number): Gate {
  return {
    blind: async (since) => {
      const stall = world.trouble(since - begin);
      if (stall?.what !== "stalled" || stall.for < STALL_MS) return null;
      return "not judged: this machine or its store was stalled for 1 s or more";
    },
    write: (work) => work(),
    start: () => {},
    stop: () => {},
  };
}
