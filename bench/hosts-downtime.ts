import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { docker } from "../test/labs/docker.ts";
import { type Bed, onHosts, ship } from "./hosts-bed.ts";
import { saturate } from "./load/saturate.ts";
import { percentiles, runLoad } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

const WAYS = ["docker-compose up -d", "blue-green"] as const;
type Way = (typeof WAYS)[number];
/** Where Compose publishes the application, and where our proxy does. */
const PORTS: Record<Way, number> = { "docker-compose up -d": 8_090, "blue-green": 80 };
const BAKE = "5s";
const EDGE_MS = 2_000;

interface Change {
  way: Way;
  sent: number;
  failed: number;
  /** The longest time without a good answer. */
  gapMs: number;
  /** From the command to the first answer after which only the new release answered, and to the command's own end. */
  everywhereMs: number;
  commandMs: number;
}

interface Latency {
  way: string;
  n: number;
  p50: number;
  p99: number;
}

export interface DowntimeSize {
  /** Changes of the release in each way. */
  times: number;
  rate: number;
  /** Milliseconds of the measurement of latency, each way. */
  latencyMs: number;
}

/** The same application on the same host, changed in turn by `docker-compose up -d` and by a rollout, under the same load. */
export async function measureDowntime({ times, rate, latencyMs }: DowntimeSize): Promise<string> {
  return await onHosts({ hosts: 1 }, async (bed) => {
    const commands: Record<Way, (version: string) => Promise<unknown>> = {
      "docker-compose up -d": (version) => composeUp(bed, version),
      "blue-green": (version) => {
        bed.fleet.manifest(bed.images[version] ?? "", { settings: { strategy: { kind: "blue-green", bake: BAKE } } });
        return ship(bed);
      },
    };
    const [host] = bed.fleet.machines.hosts;
    if (!host) throw new Error("no host");
    for (const image of Object.values(bed.images)) await docker(host.docker, ["pull", "--quiet", image], 120_000);
    for (const way of WAYS) await commands[way]("one");
    const changes: Change[] = [];
    for (let i = 0; i < times; i++)
      for (const way of WAYS) {
        const url = `http://${host.address}:${PORTS[way]}`;
        const change = () => commands[way](i % 2 === 0 ? "two" : "one");
        changes.push({ way, ...(await watched({ url, rate, change })) });
      }
    return format(changes, await latencies(host.address, latencyMs), rate);
  });
}

async function composeUp({ fleet, images }: Bed, version: string): Promise<void> {
  const folder = join(fleet.root, "plain");
  const file = join(folder, "docker-compose.yml");
  mkdirSync(folder, { recursive: true });
  // JSON is YAML.
  const app = { image: images[version], ports: [`${PORTS["docker-compose up -d"]}:8080`] };
  writeFileSync(file, JSON.stringify({ version: "3", services: { app } }));
  await fleet.machines.hosts[0]?.exec(["docker-compose", "--file", file, "up", "-d"], 120_000);
}

/** Has the release changed under load and looks at each good answer. */
async function watched({
  url,
  rate,
  change,
}: {
  url: string;
  rate: number;
  change(): Promise<unknown>;
}): Promise<Omit<Change, "way">> {
  const good: { at: number; release: string }[] = [];
  const end = new AbortController();
  const load = runLoad({
    url,
    rate,
    mix: { getKeepAlive: 2, getNew: 1, postBody: 1 },
    signal: end.signal,
    check: ({ headers }) => {
      good.push({ at: performance.now(), release: String(headers["x-release"]) });
      return undefined;
    },
  });
  try {
    await delay(EDGE_MS);
    const start = performance.now();
    await change();
    const commandMs = performance.now() - start;
    await delay(EDGE_MS);
    end.abort();
    const { sent, failed } = await load;
    const last = good.findLastIndex(({ release }) => release !== good.at(-1)?.release);
    const gaps = good.map(({ at }, index) => at - (good[index - 1]?.at ?? at));
    const everywhereMs = (good[last + 1]?.at ?? Number.NaN) - start;
    return { sent, failed, gapMs: Math.max(...gaps), everywhereMs, commandMs };
  } finally {
    end.abort();
  }
}

/** One request after another on a kept connection, in turns. */
async function latencies(host: string, durationMs: number): Promise<Latency[]> {
  const found = WAYS.map((way) => ({ way, times: [] as number[] }));
  const request = Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  // The end of a chunked body.
  const answerEnd = Buffer.from("hello\r\n0\r\n\r\n");
  // The first round warms up.
  for (let round = 0; round <= 3; round++)
    for (const { way, times } of found) {
      const options = { host, port: PORTS[way], connections: 1, request, answerEnd };
      const { latencies: seen } = await saturate({ ...options, durationMs: durationMs / 3 });
      if (round > 0) for (const ms of seen) times.push(ms);
    }
  return found.map(({ way, times }) => {
    const { p50, p99 } = percentiles(times);
    const name = way === "blue-green" ? "through HAProxy" : "direct, a published port";
    return { way: name, n: times.length, p50: p50 ?? 0, p99: p99 ?? 0 };
  });
}

function format(changes: readonly Change[], latency: readonly Latency[], rate: number): string {
  const rows = WAYS.map((way) => {
    const some = changes.filter((change) => change.way === way);
    const of = (key: Exclude<keyof Change, "way">) => some.map((change) => change[key]);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const failed = sum(of("failed"));
    return {
      failed,
      cells: [
        way,
        some.length,
        `${failed} of ${sum(of("sent"))}`,
        seconds(percentiles(of("gapMs")).p50),
        seconds(Math.max(...of("gapMs"))),
        seconds(percentiles(of("everywhereMs")).p50),
        seconds(percentiles(of("commandMs")).p50),
      ],
    };
  });
  const [direct, proxied] = latency;
  const added = (key: "p50" | "p99") => ((proxied?.[key] ?? 0) - (direct?.[key] ?? 0)).toFixed(3);
  return [
    `one host, the same application and images (pulled before), in turn; open-loop load of ${rate} requests/s (half on kept connections, a quarter on new ones, a quarter POST with a body)`,
    table(
      ["", "n", "requests that failed", "gap p50 s", "gap max s", "everywhere p50 s", "command p50 s"],
      rows.map(({ cells }) => cells),
    ),
    `gap: the longest time without a good answer; everywhere: from the command to the answer after which only the new release answers; command: to its end, for ours with a bake of ${BAKE}, after which the old release stops`,
    verdict(`${rows[1]?.failed} failed with ours, ${rows[0]?.failed} with docker-compose`, rows[1]?.failed === 0),
    "",
    "latency of a GET, one after another on a kept connection",
    table(
      ["", "n", "p50 ms", "p99 ms"],
      latency.map(({ way, n, p50, p99 }) => [way, n, p50, p99]),
    ),
    `added by the proxy: p50 ${added("p50")} ms, p99 ${added("p99")} ms`,
  ].join("\n");
}
