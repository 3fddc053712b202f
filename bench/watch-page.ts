import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { verdict as said } from "../src/incidents/testing.ts";
import type { Escalate } from "../src/notify/routing.ts";
import { webhookChannel } from "../src/notify/webhook/channel.ts";
import { freePort } from "../src/platforms/local/ports.ts";
import { openTestStore } from "../src/store/testing.ts";
import { until } from "../test/lab/until.ts";
import { percentiles } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";
import { startDuty } from "./watch/duty.ts";

const PAGES = 200;
const GAP_MS = 50;
const LONGEST_MS = 120_000;
/** The second is called only where the first does not take it. */
const IN_TURN: Escalate = {
  SEV1: {
    levels: [
      { to: ["first"], after: 0 },
      { to: ["second"], after: 3_600_000 },
    ],
  },
};
type First = "well" | "refusing" | "silent";
const GOAL_MS: Record<First, number> = { well: 1_000, refusing: 1_000, silent: 61_000 };

/** From the commit of an incident to its first page at a receiver, also with a first channel that refuses or hangs. */
export async function benchWatchPage(): Promise<string> {
  const cases: [First, number[]][] = [];
  for (const first of ["well", "refusing", "silent"] as const) cases.push([first, await page(first)]);
  return [
    `${PAGES} incidents, one every ${GAP_MS} ms, each told to a webhook; a second webhook is called where the first does not take it`,
    table(
      ["first channel", "p50 s", "p99 s", "max s"],
      cases.map(([first, times]) => {
        const { p50, p99 } = percentiles(times);
        return [first, seconds(p50), seconds(p99), seconds(Math.max(...times))];
      }),
    ),
    ...cases.map(([first, times]) =>
      verdict(
        `first channel ${first}: p99 at most ${GOAL_MS[first] / 1_000} s`,
        (percentiles(times).p99 ?? 0) <= GOAL_MS[first],
      ),
    ),
  ].join("\n");
}

async function page(first: First): Promise<number[]> {
  const store = await openTestStore();
  const [committed, received] = [new Map<string, number>(), new Map<string, number>()];
  const receiver = await listen((id) => received.has(id) || received.set(id, performance.now()));
  const silent = await listen();
  const places = {
    well: addressOf(receiver),
    refusing: `http://127.0.0.1:${await freePort(new Set())}/`,
    silent: addressOf(silent),
  };
  const channel = (url: string) => webhookChannel({ url }, { now: Date.now });
  const duty = startDuty({
    store,
    channels: new Map([
      ["first", channel(places[first])],
      ["second", channel(places.well)],
    ]),
    escalate: IN_TURN,
    onChange: (id) => committed.has(id) || committed.set(id, performance.now()),
  });
  try {
    for (let index = 0; index < PAGES; index++) {
      const [service, at] = [`s${index}`, Date.now()];
      // A class of its own: what fails alike at the same time would be told as one.
      const about = { checkId: `bench/${service}/health`, environment: "bench", service, class: `case-${index}` };
      await duty.incidents.handle(said("DOWN", { ...about, at, onset: at }));
      await delay(GAP_MS);
    }
    await until("all pages", () => received.size === PAGES, LONGEST_MS);
  } finally {
    await duty.stop();
    for (const server of [receiver, silent]) server.close().closeAllConnections();
    await store.drop();
  }
  return [...received].map(([id, at]) => at - (committed.get(id) ?? at));
}

/** Takes messages and tells the incidents of those that open one; without `onOpened` it never answers. */
async function listen(onOpened?: (incidentId: string) => void): Promise<Server> {
  const server = createServer(async (request, response) => {
    if (!onOpened) return;
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const { kind, incident } = JSON.parse(text);
    if (kind === "opened") onOpened(incident.id);
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function addressOf(server: Server): string {
  const address = server.address();
  return typeof address === "object" && address ? `http://127.0.0.1:${address.port}/` : "";
}
