import { openLab, service } from "../test/lab/lab.ts";
import { kill } from "../test/lab/processes.ts";
import { until } from "../test/lab/until.ts";
import { closeLab, type RunningDaemon, startDaemon, statusOf } from "./daemon.ts";
import { percentiles } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

interface Healing {
  /** From the kill to: the incident was opened; a request through the route succeeds; the status says healthy as well. */
  openMs: number;
  answersMs: number;
  healthyMs: number;
  restarts: number;
}

export interface HealBench {
  healings: Healing[];
  /** What did not heal. */
  failures: string[];
}

/** Each service is killed once: its second incident in half an hour would be the first one opened again. */
const LABS = 3;
const SERVICES = 10;
const LONGEST_MS = 60_000;

/** Kills services with a check every second, one after another, and waits for each to be healed. */
export async function benchHeal({ labs = LABS, services = SERVICES } = {}): Promise<HealBench> {
  const bench: HealBench = { healings: [], failures: [] };
  for (let i = 0; i < labs; i++) await oneLab(services, bench);
  return bench;
}

async function oneLab(count: number, { healings, failures }: HealBench): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `app-${index + 1}`);
  const services = Object.fromEntries(names.map((name) => [name, service()]));
  const lab = await openLab({ services, store: "embedded" });
  try {
    const daemon = await startDaemon(lab);
    await until("health of all", async () =>
      (await statusOf(daemon)).services.every(({ state }) => state === "healthy"),
    );
    for (const name of names)
      await heal(daemon, name).then(
        (healing) => healings.push(healing),
        (error: Error) => failures.push(`${name}: ${error.message}`),
      );
  } finally {
    await closeLab(lab);
  }
}

async function heal(daemon: RunningDaemon, name: string): Promise<Healing> {
  const serviceOf = async () => (await statusOf(daemon)).services.find((one) => one.name === name);
  const before = await serviceOf();
  const pid = before?.replicas[0]?.pid;
  if (!pid || !before.url) throw new Error("nothing runs");
  const killedAt = Date.now();
  kill(pid, "SIGKILL");
  const answered = untilAnswer(before.url).then(() => Date.now() - killedAt);
  const healthy = until(
    "health",
    async () => {
      const now = await serviceOf();
      return now?.state === "healthy" && now.replicas.every((replica) => replica.pid !== pid);
    },
    LONGEST_MS,
  ).then(() => Date.now() - killedAt);
  const [answersMs, stateMs] = await Promise.all([answered, healthy]);
  const incident = await until("the incident", async () =>
    (await statusOf(daemon)).incidents.find((one) => one.service === name && one.state !== "suspect"),
  );
  const { openedAt, actions } = incident;
  const restarts = actions.filter(({ remedy }) => remedy === "restart").length;
  return { openMs: Date.parse(openedAt) - killedAt, answersMs, healthyMs: Math.max(answersMs, stateMs), restarts };
}

/** The router knows at the first request that the killed process is gone. */
async function untilAnswer(url: string): Promise<void> {
  await until(
    "an answer",
    async () => (await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(5_000) })).ok,
    LONGEST_MS,
  );
}

/** The result as a table for people. */
export function formatHeal({ healings, failures }: HealBench): string {
  const row = (what: string, values: number[]) => {
    const { p50, p95 } = percentiles(values);
    return [what, seconds(p50), seconds(p95), seconds(Math.max(...values))];
  };
  const restarts = healings.map((healing) => healing.restarts);
  return [
    `kill -9 of the only process of a service with a check every second; n = ${healings.length}, ${SERVICES} services side by side`,
    table(
      ["from the kill to", "p50 s", "p95 s", "max s"],
      [
        row(
          "incident open",
          healings.map(({ openMs }) => openMs),
        ),
        row(
          "requests succeed",
          healings.map(({ answersMs }) => answersMs),
        ),
        row(
          "healthy",
          healings.map(({ healthyMs }) => healthyMs),
        ),
      ],
    ),
    verdict(
      `healed by ${Math.max(...restarts)} restart at most, at most 2 an hour are allowed`,
      Math.max(...restarts) <= 2,
    ),
    verdict(`${failures.length} not healed`, failures.length === 0),
    ...failures,
  ].join("\n");
}

if (import.meta.main) process.stdout.write(`${formatHeal(await benchHeal())}\n`);
