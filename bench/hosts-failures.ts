import { rmSync } from "node:fs";
import { join } from "node:path";
import type { FleetManifest } from "../test/labs/fleet.ts";
import { underLoad } from "../test/labs/fleet-load.ts";
import { type Bed, lengthOf, onHosts, type Shipped, ship, wrongWith } from "./hosts-bed.ts";
import { percentiles } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

interface Strategy {
  name: string;
  kind: string;
  replicas?: number;
  rest?: Record<string, unknown>;
  compose?: string;
}

const STRATEGIES: readonly Strategy[] = [
  { name: "rolling, 2 replicas", kind: "rolling", replicas: 2 },
  { name: "blue-green", kind: "blue-green" },
  {
    name: "canary 10, 50, 100 %",
    kind: "canary",
    rest: { steps: [10, 50, 100], every: "2s", judge: { on_inconclusive: "promote" } },
  },
  {
    name: "recreate with a volume",
    kind: "recreate",
    compose: "services: {app: {volumes: ['data:/data']}}\nvolumes: {data: {}}\n",
  },
];
const HOSTS = 2;
const STORES = ["shared", "embedded"] as const;
const TARGET_N = 30_000;

interface Scenario {
  name: string;
  shipped: Shipped[];
  load: Awaited<ReturnType<typeof underLoad>>;
  wrong: string[];
}

export interface FailuresSize {
  /** Requests a second to each host, and at least so many for each strategy with both stores together. */
  rate: number;
  requests: number;
  /** Rollouts of each strategy, at least. */
  rollouts: number;
}

/** Counts failed requests while rollouts of each strategy run on two hosts. */
export async function measureFailures({ rate, requests, rollouts }: FailuresSize): Promise<string> {
  const scenarios: Scenario[] = [];
  const ms = (requests / rate / HOSTS / STORES.length) * 1_000;
  for (const store of STORES)
    await onHosts({ hosts: HOSTS, store }, async (bed) => {
      for (const { name, ...strategy } of STRATEGIES)
        scenarios.push(
          await underStrategy(
            bed,
            { name: `${name}, ${store === "embedded" ? "own database" : "DATABASE_URL"}`, ...strategy },
            { rate, rollouts, ms },
          ),
        );
    });
  const sent = scenarios.reduce((sum, { load }) => sum + load.sent, 0);
  const failed = scenarios.reduce((sum, { load }) => sum + load.failed, 0);
  const wrong = scenarios.flatMap((one) => one.wrong.map((text) => `${one.name}: ${text}`));
  return [
    `open-loop load of ${rate} requests/s to the proxy of each of ${HOSTS} hosts (half on kept connections, a quarter on new ones, a quarter POST with a body), one SSE and one WebSocket client a host`,
    table(
      ["", "rollouts", "p50 s", "max s", "requests", "failed", "95 % bound", "SSE cuts", "WS cuts"],
      scenarios.map(({ name, shipped, load }) => [
        name,
        shipped.length,
        seconds(percentiles(shipped.map(({ rollout }) => lengthOf(rollout))).p50),
        seconds(Math.max(...shipped.map(({ rollout }) => lengthOf(rollout)))),
        load.sent,
        load.failed,
        load.failed === 0 ? `${(300 / load.sent).toFixed(3)} %` : "–",
        load.sse.cuts,
        load.ws.cuts,
      ]),
    ),
    held(scenarios),
    verdict(
      `${failed} of ${sent} requests failed (target 0 of at least ${TARGET_N}), 95 % upper bound ${failed === 0 ? `${(300 / sent).toFixed(4)} %` : "–"}`,
      failed === 0 && sent >= TARGET_N,
    ),
    verdict("one whole release serves on all hosts after every strategy, nothing else is left", wrong.length === 0),
    ...wrong,
    ...scenarios.flatMap(({ name, load }) =>
      load.failures.slice(0, 5).map(({ at, kind, reason }) => `failed (${name}): ${at} ${kind} ${reason}`),
    ),
  ].join("\n");
}

async function underStrategy(
  bed: Bed,
  { name, kind, replicas = 1, rest, compose }: Strategy,
  { rate, rollouts, ms }: { rate: number; rollouts: number; ms: number },
): Promise<Scenario> {
  const { fleet, images } = bed;
  const settings: FleetManifest = {
    service: { replicas },
    settings: { strategy: { kind, bake: "1s", ...rest } },
  };
  let version = "one";
  const next = () => {
    version = version === "one" ? "two" : "one";
    fleet.manifest(images[version] ?? "", settings);
    return ship(bed);
  };
  const file = join(fleet.root, "compose.yaml");
  if (compose) fleet.write("compose.yaml", compose);
  try {
    // The first brings the number of replicas and the volume, which is not what is measured.
    await next();
    const shipped: Shipped[] = [];
    const work = async () => {
      for (const end = Date.now() + ms; shipped.length < rollouts || Date.now() < end; ) shipped.push(await next());
    };
    const load = await underLoad(fleet, work, {
      rate,
      sse: "/events",
      websocket: "/ws",
      timeoutMs: 10_000,
      clients: 100,
    });
    const release = shipped.at(-1)?.rollout.release ?? "";
    // Units that streams had kept end with the next command.
    await fleet.run(["deploy", "production", "--plan"]);
    return { name, shipped, load, wrong: await wrongWith(bed, { release, replicas }) };
  } finally {
    rmSync(file, { force: true });
  }
}

/** How long requests waited for a service that cannot run twice. */
function held(scenarios: readonly Scenario[]): string {
  const holds = scenarios.flatMap(({ shipped }) =>
    shipped.flatMap(({ rollout: { journal } }) => {
      const from = journal.find(({ key, phase }) => key.startsWith("hold:") && phase === "outcome");
      const to = journal.find(({ key, phase }) => key === "shift:app:0" && phase === "outcome");
      return from && to ? [Date.parse(to.at) - Date.parse(from.at)] : [];
    }),
  );
  return `recreate: requests are held p50 ${seconds(percentiles(holds).p50)} s, max ${seconds(Math.max(0, ...holds))} s (n = ${holds.length}); its streams are cut once a rollout and host, and a failure is an answer later than 10 s`;
}
