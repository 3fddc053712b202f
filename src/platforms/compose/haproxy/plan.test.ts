import { expect, test } from "vitest";
import { mapEntries } from "./map.ts";
import type { SeenWorker } from "./parse.ts";
import { planRuntime } from "./plan.ts";
import type { ProxyRoute } from "./route.ts";
import { member, route } from "./testing.ts";

const [OLD, NEW] = [member("old", 1), member("new", 2)];

/** A worker that is as this route wants it, with so many requests on each server. */
function worker(wanted: ProxyRoute, inflight = 0): SeenWorker {
  const servers = (["stable", "candidate"] as const).flatMap((side) =>
    wanted[side].map(({ id, port, weight, drain }) => ({
      backend: `web.${side}`,
      id,
      port,
      weight: drain ? 0 : weight,
      out: false,
      up: true,
      inflight,
      attempts: 0,
      requests: 0,
      unanswered: 0,
      errors: 0,
    })),
  );
  const backends = new Set(["web.stable", "web.candidate"]);
  return {
    structure: "",
    version: "",
    now: 1_000,
    backends,
    servers,
    map: mapEntries({ web: wanted }),
    streams: new Map(),
  };
}

/** Verb and subject of each command. */
function steps(from: ProxyRoute, to: ProxyRoute): string[] {
  return planRuntime(worker(from), { web: to }, "M").commands.map((command) =>
    command
      .replace(/^(add|set) map M web (\d+):.*/, "share $2")
      .replace(/^(add|set|del) map M (\S+).*/, "$1 $2")
      .replace(/^(?:set|add|enable) (server|health) (\S+) ?(.*)$/, "$2 $3")
      .replace(/ 127.0.0.1:.*/, " made")
      .replace("web.", ""),
  );
}

const made = (path: string) => [`${path} made`, `${path} `, `${path} state ready`, `${path} health up`];

test.each<[string, ProxyRoute, ProxyRoute, string[]]>([
  ["nothing to do", route({ stable: [OLD] }), route({ stable: [OLD] }), []],
  [
    "the candidate is there before its share",
    route({ stable: [OLD] }),
    route({ stable: [OLD], candidate: [NEW], share: 10 }),
    ["add new@web", ...made("candidate/new"), "share 1000"],
  ],
  [
    "promotion: new on the stable side, old out, then the share goes back",
    route({ stable: [OLD], candidate: [NEW], share: 100 }),
    route({ stable: [NEW] }),
    [...made("stable/new"), "stable/old state maint", "share 0", "candidate/new state maint"],
  ],
  [
    "rollback: the share first",
    route({ stable: [OLD], candidate: [NEW], share: 50 }),
    route({ stable: [OLD] }),
    ["share 0", "candidate/new state maint"],
  ],
  [
    "hold before the units leave",
    route({ stable: [OLD] }),
    route({ stable: [{ ...OLD, drain: true }], hold: 5_000 }),
    ["share 0", "stable/old weight 0"],
  ],
  [
    "the last stable unit leaves after the share of its successor has grown",
    route({ stable: [OLD], candidate: [NEW], share: 50 }),
    route({ candidate: [NEW], share: 100 }),
    ["share 10000", "stable/old state maint"],
  ],
  [
    "the same after the grant had ended by itself",
    route({ stable: [OLD], candidate: [NEW], share: 100, until: 900 }),
    route({ candidate: [NEW], share: 100 }),
    ["share 10000", "stable/old state maint"],
  ],
  [
    "a unit that comes back from a drain is usable at once",
    route({ stable: [{ ...OLD, drain: true }] }),
    route({ stable: [{ ...OLD, port: 3 }] }),
    ["stable/old addr 127.0.0.1 port 3", "stable/old weight 100", "stable/old health up"],
  ],
])("%s", (_, from, to, expected) => {
  expect(steps(from, to)).toEqual(expected);
});

test("what left is forgotten when its last request is over", () => {
  const gone = (inflight: number) => {
    const seen = worker(route({ stable: [OLD] }), inflight);
    for (const server of seen.servers) server.out = true;
    return planRuntime(seen, { web: route() }, "M");
  };
  expect(gone(1)).toEqual({ commands: [], tidy: [] });
  expect(gone(0).tidy).toEqual(["del server web.stable/old", "del map M old@web"]);
});

test("backends the worker does not have are left to the reload", () => {
  const seen = { ...worker(route()), backends: new Set<string>() };
  expect(planRuntime(seen, { web: route({ stable: [OLD] }) }, "M").commands).toEqual([
    "add map M old@web 100:release%20of%20old",
  ]);
});
