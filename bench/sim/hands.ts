import type { Clock } from "../../src/core/clock.ts";
import type { Dependencies } from "../../src/incidents/depend.ts";
import type { Effects } from "../../src/incidents/execute.ts";
import type { Situation } from "../../src/incidents/outlook.ts";
import type { Remedy } from "../../src/incidents/types.ts";
import type { Prober } from "./prober.ts";
import type { Scenario } from "./scenario.ts";
import type { World } from "./world.ts";

/** Something done to a service; `at` in milliseconds from the scenario's beginning. */
export interface Act {
  what: Remedy;
  service: string;
  at: number;
}

interface HandsOptions extends Pick<Prober, "verdictOf"> {
  scenario: Scenario;
  world: World;
  clock: Clock;
  begin: number;
  acts: Act[];
}

/** What healing can touch and see of the played world. */
interface Hands {
  effects: Effects;
  dependencies: Dependencies;
  /** The next restart touches its service and never comes back. */
  trap(): void;
  hang(): boolean;
  release(): void;
}

const RECENT_MS = 10 * 60_000;
const RESTART_MS = 5 * 60_000;

export function createHands({ scenario, world, verdictOf, clock, begin, acts }: HandsOptions): Hands {
  let trap: "none" | "set" | "closed" = "none";
  const names = scenario.checks.map(({ name }) => name);
  const since = () => clock.now() - begin;
  const is = (name: string, ...wanted: string[]) => wanted.includes(verdictOf(name)?.verdict ?? "UNKNOWN");
  const needs = (name: string) => scenario.checks.find((check) => check.name === name)?.needs ?? [];

  async function touch(what: Act["what"], service: string): Promise<{ detail: string }> {
    acts.push({ what, service, at: since() });
    if (what === "restart" || what === "redeploy") world.mend(service, what, since());
    return { detail: what };
  }

  async function restart(service: string, signal: AbortSignal): Promise<{ detail: string }> {
    const done = await touch("restart", service);
    if (trap !== "set") return done;
    trap = "closed";
    return await new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  async function situation(service: string): Promise<Situation> {
    const servicesDown = names.filter((name) => is(name, "DOWN"));
    const deployedAt = world.deployedAt(service, since());
    return {
      isWorker: false,
      deploying: false,
      lastDeployAt: deployedAt === null ? null : begin + deployedAt,
      previousGood: deployedAt === null ? null : "r1",
      deployed: names.filter((name) => deployedAt !== null && world.deployedAt(name, since()) === deployedAt),
      restarting: false,
      irreversible: false,
      dependenciesDown: needs(service).filter((name) => is(name, "DOWN", "SUSPECT")),
      databasesDown: [],
      platformTrouble: null,
      servicesTotal: names.length,
      servicesDown,
      recentlyDown: servicesDown.filter((name) => clock.now() - (verdictOf(name)?.since ?? 0) <= RECENT_MS),
      bootMs: null,
    };
  }

  return {
    effects: {
      hold: async (service) => ({
        withinMs: RESTART_MS,
        restart: (_ticket, signal) => restart(service, signal),
        release: async () => {},
      }),
      relieve: (relief, service) => touch(relief, service),
      redeploy: (service) => touch("redeploy", service),
      collectEvidence: async () => ({ logs: [], metrics: {}, changes: [], missing: [] }),
      situation,
      gone: async (service) => world.ended(service, since()),
    },
    dependencies: {
      direct: needs,
      verdict: (name) => {
        if (is(name, "DOWN", "SUSPECT")) return "failing";
        return is(name, "UNKNOWN") ? "unknown" : "well";
      },
    },
    trap: () => {
      if (trap === "none") trap = "set";
    },
    hang: () => trap === "closed",
    release: () => {
      trap = "none";
    },
  };
}
