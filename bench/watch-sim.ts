import { openTestStore } from "../src/store/testing.ts";
import { seconds, table, verdict } from "./report.ts";
import { type Figures, measure } from "./sim/figures.ts";
import { openSimulator } from "./sim/run.ts";
import { loadScenarios, type Scenario } from "./sim/scenario.ts";

const SEEDS = 3;

/** Plays scenarios with each seed on a database of its own. */
export async function simulate(scenarios: readonly Scenario[], seeds: readonly number[]): Promise<Figures[]> {
  const figures: Figures[] = [];
  for (const seed of seeds) {
    const store = await openTestStore();
    try {
      const play = await openSimulator(store);
      for (const scenario of scenarios) figures.push(await measure(store, await play(scenario, seed), seed));
    } finally {
      await store.drop();
    }
  }
  return figures;
}

/** All scenarios, each with several seeds: a table for people, then the figures as JSON. */
export async function benchWatchSim(): Promise<string> {
  const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
  const figures = await simulate(loadScenarios(), seeds);
  return `${formatSimulation(figures)}\n${JSON.stringify(figures)}`;
}

/** The figures by scenario, its seeds added up, and of all. */
export function formatSimulation(figures: readonly Figures[]): string {
  const groups = [...Map.groupBy(figures, ({ scenario }) => scenario), ["all", figures] as const];
  const of = (all: readonly Figures[], key: Exclude<keyof Figures, "scenario" | "opensMs" | "unmet">) =>
    all.reduce((sum, one) => sum + one[key], 0);
  const missed = of(figures, "missed");
  const violations = of(figures, "violations");
  const unmet = figures.flatMap(({ scenario, seed, unmet: texts }) =>
    texts.map((text) => `${scenario}, seed ${seed}: ${text}`),
  );
  return [
    `${new Set(figures.map(({ seed }) => seed)).size} seeds; virtual time, the real schedule, verdicts, incidents and outbox on a real store`,
    table(
      [
        ...["scenario", "faults", "missed", "opens s", "max s", "check-hours", "false/1000 h", "pages/fault"],
        ...["wrong DOWN min", "restarts", "redeploys", "clears", "beyond limits"],
      ],
      groups.map(([name, all]) => {
        const opens = all.flatMap(({ opensMs }) => opensMs).sort((a, b) => a - b);
        const [faults, hours] = [of(all, "faults"), of(all, "checkHours")];
        return [
          ...[name, faults, of(all, "missed"), seconds(opens[Math.floor(opens.length / 2)] ?? null)],
          ...[
            seconds(opens.at(-1) ?? null),
            Math.round(hours),
            ((1_000 * of(all, "falseIncidents")) / hours).toFixed(1),
          ],
          ...[faults === 0 ? of(all, "pages") : (of(all, "pages") / faults).toFixed(1)],
          ...[of(all, "wrongDownMinutes").toFixed(1), of(all, "restarts"), of(all, "redeploys"), of(all, "clears")],
          of(all, "violations"),
        ];
      }),
    ),
    "opens s: median time from the fault to its incident, of those that have one; pages: messages that wake somebody, calls again included;",
    "wrong DOWN: while the target was well, recoveries under watch included; clears: sessions or pools cleared",
    verdict(`${missed} faults missed`, missed === 0),
    verdict(`${violations} actions beyond the limits`, violations === 0),
    verdict(`${unmet.length} expectations of the scenarios not met`, unmet.length === 0),
    ...unmet,
  ].join("\n");
}
