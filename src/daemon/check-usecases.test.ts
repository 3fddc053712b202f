import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CheckSchema } from "../config/checks.ts";
import { systemClock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { namedCheck } from "../watch/named.ts";
import { createWatch, type Watch } from "../watch/watch.ts";
import { checkUseCases } from "./check-usecases.ts";
import type { Engine } from "./engine.ts";

let store: TestStore;
let server: Server;
let watch: Watch;
let runs = true;
const audited: unknown[] = [];
const told: unknown[] = [];
const doors = () => {
  const audit = async (entry: unknown) => void audited.push(entry);
  const bus = { emit: (event: unknown) => void told.push(event) };
  return checkUseCases({ store, audit, bus, environment: "local" } as unknown as Engine, watch, () => runs);
};

beforeAll(async () => {
  store = await openTestStore();
  server = createServer((_, response) => response.end("fine")).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  watch = createWatch({
    ...{ store, environment: "local", clock: systemClock, redact: createRedactor() },
    processes: () => Promise.reject(new Error("unused")),
    onVerdict: () => {},
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const where = { environment: "local", routes: {}, resolve: (text: string) => text };
  const front = CheckSchema.parse({ url, every: "5m" });
  const port = CheckSchema.parse({ tcp: "127.0.0.1:1", every: "5m" });
  await watch.setChecks([...namedCheck("front", front, where), ...namedCheck("port", port, where)]);
  watch.start();
});
afterAll(async () => {
  await watch.stop();
  await store.drop();
  server.close();
});

test("a check is found by its id or its name, and a list by what is asked for", async () => {
  expect(await doors().check("front")).toMatchObject({ id: "local/check/front", type: "http" });
  expect(await doors().check("local/check/port")).toMatchObject({ type: "tcp" });
  expect(await doors().check("check/front")).toMatchObject({ id: "local/check/front" });
  await expect(doors().check("ront")).rejects.toMatchObject({ code: "SM-CHECK-UNKNOWN" });
  const found = await doors().findChecks({ type: "tcp" });
  expect(found).toMatchObject({ total: 1, checks: [{ id: "local/check/port" }] });
});

test("a run on a person's word counts like any other, and is in the audit", async () => {
  expect(await doors().runCheck("front", "cli:ada")).toMatchObject({ outcome: "ok", kind: "scheduled" });
  expect(await doors().check("front")).toMatchObject({ verdict: "UP", lastResult: { outcome: "ok" } });
  expect(audited).toEqual([{ actor: "cli:ada", action: "check.run", subject: "local/check/front", detail: {} }]);
  expect(told).toContainEqual({ type: "checks" });
});

test("how the scheduler keeps up is known where checks run, and nowhere else", async () => {
  const { scheduler } = await doors().workers();
  expect(scheduler).toMatchObject({ inflight: { fast: 0, slow: 0 }, skipped: 0, slowed: 0 });
  expect(scheduler).not.toHaveProperty("lateness");
  runs = false;
  expect(await doors().workers()).toMatchObject({ workers: [], scheduler: null });
});
