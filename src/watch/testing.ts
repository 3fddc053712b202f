import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type Clock, systemClock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import type { RunReport } from "./probes/run.ts";
import type { CheckSpec, VerdictEvent } from "./types.ts";
import { createWatch, type WatchOptions } from "./watch.ts";

interface Target {
  port: number;
  /** Status 0 leaves a request without an answer. */
  answer: { status: number; hanging: number };
  server: Server;
  down(): Promise<void>;
  up(): Promise<void>;
}

export function spec(id: string, port: number, more: Partial<CheckSpec> = {}): CheckSpec {
  const url = `http://127.0.0.1:${port}/`;
  const options = { every: 200, timeout: 2_000, critical: true, url };
  return {
    id,
    environment: "local",
    service: "api",
    component: "service",
    type: "http",
    everyMs: 200,
    timeoutMs: 2_000,
    critical: true,
    recheck: 2,
    options,
    target: `GET ${url}`,
    ...more,
  };
}

/** Registers a store, targets and watches for the tests of a file; each test's watches and targets end with it. */
export function watchBench() {
  let store: TestStore;
  const watches: { stop(): Promise<void> }[] = [];
  const servers: Server[] = [];
  const releases: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.drop());
  afterEach(async () => {
    await Promise.all(releases.splice(0).map((release) => release()));
    await Promise.all(watches.splice(0).map((watch) => watch.stop()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, "close");
    }
  });

  async function target(): Promise<Target> {
    const answer = { status: 200, hanging: 0 };
    const server = createServer((_, response) => {
      if (answer.status === 0) answer.hanging++;
      else response.writeHead(answer.status).end("ok");
    });
    servers.push(server);
    const listen = async (port: number) => {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      return (server.address() as AddressInfo).port;
    };
    const port = await listen(0);
    return {
      port,
      answer,
      server,
      up: async () => void (await listen(port)),
      down: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  }

  async function watching(specs: CheckSpec[], options: Partial<WatchOptions> = {}) {
    const events: VerdictEvent[] = [];
    const results: RunReport[] = [];
    const problems: string[] = [];
    const clock: Clock = options.clock ?? systemClock;
    const watch = createWatch({
      ...{ store, environment: "local", clock, redact: createRedactor() },
      processes: () => Promise.reject(new Error("unused")),
      ...options,
      onVerdict: async (event) => {
        await options.onVerdict?.(event);
        events.push(event);
      },
      onResult: (_, report) => results.push(report),
      onProblem: (what) => problems.push(what),
    });
    watches.push(watch);
    await watch.setChecks(specs);
    watch.start();
    return { watch, events, results, problems, path: () => events.map(({ to }) => to) };
  }

  return {
    target,
    watching,
    /** What must be undone after the test. */
    releases,
    store: () => store,
    rows: async (text: string, values: unknown[] = []) => (await store.pool.query(text, values)).rows,
  };
}

export async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 40_000): Promise<void> {
  for (const end = Date.now() + ms; !(await condition()); await delay(20))
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
}
