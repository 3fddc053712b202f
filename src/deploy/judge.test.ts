import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LoadReport, runLoad } from "../../bench/load.ts";
import { service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import { judgeNotes } from "../contract/judgement.ts";
import { findAnalysis } from "../store/analysis.ts";
import { findRollout, readJournal, toJournalEntry } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { readTraffic } from "../store/traffic.ts";
import { readAnalysis } from "./analysis/read.ts";
import { createRecorder } from "./analysis/record.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

/** Every FAIL_EVERY-th request of a user fails: a rate without luck, so that a test knows which rule must see it. */
const APP = `
import { createServer } from "node:http";
const { PORT, FAIL_EVERY = "0" } = process.env;
const every = Number(FAIL_EVERY);
let asked = 0;
process.on("SIGTERM", () => process.exit(0));
createServer((request, response) => {
  if (request.url === "/health") return response.end("ok");
  if (request.url === "/broken") return response.writeHead(500).end("broken");
  if (request.url === "/nowhere") return response.writeHead(404).end("not found");
  asked += 1;
  response.writeHead(every > 0 && asked % every === 0 ? 500 : 200).end("answer");
}).listen(Number(PORT), "127.0.0.1");
`;

let lab: DeployLab;
let step = 0;
beforeAll(async () => {
  lab = await openDeployLab();
  lab.write("flaky.mjs", APP);
  change({ failEvery: 0 });
  expect((await lab.ship()).state).toBe("SUCCEEDED");
});
afterAll(() => lab.close());

let stop = new AbortController();
let load: Promise<LoadReport> | undefined;
afterEach(gone);

function change({ failEvery, strategy = {} }: { failEvery: number; strategy?: Record<string, unknown> }): void {
  step += 1;
  const env = { FAIL_EVERY: String(failEvery), STEP: String(step) };
  lab.manifest({
    services: { app: service({ start: ["${NODE}", "flaky.mjs"], env }) },
    strategy: { kind: "canary", steps: [50, 100], every: "5m", ...strategy },
  });
}

async function users(rate = 150): Promise<void> {
  await gone();
  load = runLoad({ url: await lab.url(), rate, signal: stop.signal });
}

async function gone(): Promise<void> {
  stop.abort();
  await load;
  load = undefined;
  stop = new AbortController();
}

/** A controller that can stop as a killed one does: in the middle of a wait, its lease run out. */
function mortal() {
  const { clock } = lab.dependencies;
  const frozen = Promise.withResolvers<void>();
  frozen.promise.catch(() => {});
  let [dead, asleep] = [false, false];
  const sleep: typeof clock.sleep = (ms, signal) => {
    asleep = dead;
    return dead ? frozen.promise : clock.sleep(ms, signal);
  };
  return {
    deployer: lab.another({ clock: { ...clock, sleep } }),
    die: async () => {
      dead = true;
      await until("the end of the first controller", () => asleep);
      await lab.engine.store.pool.query("update lease set expires_at = now() - interval '1 s'");
    },
    /** Lets it come to its end; answers how its work ended. */
    wake: async (work: Promise<unknown>) => {
      frozen.reject(new Error("the first controller ends"));
      return await work;
    },
  };
}

const DAY_MS = 24 * 60 * 60_000;
const database = () => lab.engine.store.db;
const errorsOf = async (id: string) =>
  (await findAnalysis(database(), id, "app")).find(({ metric }) => metric === "errors");
const outcome = async (id: string, key: string) =>
  (await readJournal(database(), id)).find((entry) => entry.key === key && entry.phase === "outcome")?.payload;
const inAnalysis = async (id: string, holds: (row: RolloutRow) => unknown = () => true) =>
  await until("the analysis", async () => {
    const row = await findRollout(database(), id);
    return row?.state === "ANALYZING" && holds(row);
  });

describe("a canary that is worse goes, and what it says names why", () => {
  test("every request fails: the guard sees it at once", async () => {
    await users();
    change({ failEvery: 1 });
    const ended = await lab.ship();
    expect(ended).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-GUARD-ERRORS", service: "app" } });
  });

  test("4 % fail, which no guard minds: the judge sees it", async () => {
    await users();
    change({ failEvery: 25 });
    const ended = await lab.ship();
    expect(ended).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-CANARY-ERRORS", service: "app" } });
    expect(ended.failure?.message).toMatch(
      /^app: \d+ of \d+ \([\d.]+ %\) requests failed on the new release, 0 of \d+ \(0 %\) on the old one beside it: evidence [\d.e+]+, 300 is enough$/,
    );
    const analysis = (await readAnalysis(lab.engine.store, ended)).app ?? [];
    expect(analysis.map(({ metric, needed }) => `${metric} ${needed}`)).toEqual([
      "errors 300",
      "latency-p95 300",
      "latency-p99 300",
    ]);
    expect(analysis[0]?.evidence).toBeGreaterThan(300);
    expect(analysis[0]?.candidate.bad).toBeGreaterThanOrEqual(5);
    expect((await lab.ask("/health")).release).toBe("r1");
    const noted = judgeNotes((await readJournal(database(), ended.id)).map(toJournalEntry));
    const errors = noted.filter(({ service: name, metric }) => name === "app" && metric === "errors");
    expect(errors.at(-1)).toMatchObject({ needed: 300, evidence: analysis[0]?.evidence });
  });

  test("blue-green: 4 % fail where the old release never did in the minutes before", async () => {
    const record = createRecorder(lab.dependencies);
    const signal = AbortSignal.timeout(60_000);
    await record("local", signal);
    await users();
    await until("a thousand requests on record", async () => {
      await record("local", signal);
      const recent = await readTraffic(database(), { app: "lab", env: "local", service: "app", withinMs: 60_000 });
      return recent.requests > 1_000;
    });
    change({ failEvery: 25, strategy: { kind: "blue-green", bake: "5m" } });
    const ended = await lab.ship();
    expect(ended).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-CANARY-ERRORS" } });
    expect(ended.failure?.message).toContain("in the 30 min before the shift");
  });
});

describe("too few requests to tell", () => {
  const hold = { every: "500ms", judge: { on_inconclusive: "hold" } };
  const held = (id: string) => until("the wait for a person", () => outcome(id, "held:1"));

  test("hold: it waits, and goes on by itself once there were enough", async () => {
    await users();
    change({ failEvery: 0, strategy: hold });
    const { id } = await lab.deployer.begin(await lab.plan());
    const ended = lab.deployer.run(id);
    await inAnalysis(id, ({ reason }) => reason?.startsWith("waits for a person: app: "));
    expect(await held(id)).toMatchObject({ next: expect.stringContaining(`stationmaster promote ${id}`) });
    expect(await ended).toMatchObject({ state: "SUCCEEDED", reason: "enough requests came to tell" });
    expect(await outcome(id, "judged:1")).toMatchObject({ app: { verdict: "PASS", candidate: { bad: 0 } } });
    expect(await outcome(id, "judged:bake")).toMatchObject({ app: { verdict: "PASS" } });
  });

  test("hold: a person decides", async () => {
    change({ failEvery: 0, strategy: hold });
    const { id } = await lab.deployer.begin(await lab.plan());
    const ended = lab.deployer.run(id);
    await inAnalysis(id, ({ reason }) => reason?.includes("abort"));
    await lab.another().promote(id, "cli:ada");
    expect(await ended).toMatchObject({ state: "SUCCEEDED", reason: "promoted by cli:ada" });
    expect(await outcome(id, "promoted")).toEqual({ by: "cli:ada" });
  });

  test("hold: nobody decides, and the wait ends where it would have ended without a crash", async () => {
    const first = mortal();
    change({ failEvery: 0, strategy: hold });
    const { id } = await first.deployer.begin(await lab.plan());
    const lost = first.deployer.run(id).catch((error: unknown) => error);
    await inAnalysis(id, ({ reason }) => reason?.startsWith("waits for a person: "));
    const latest = Number((await held(id)).until);
    expect(Math.abs(latest - Date.now() - DAY_MS)).toBeLessThan(60_000);
    await first.die();
    const { clock } = lab.dependencies;
    const ended = await lab.another({ clock: { ...clock, now: () => clock.now() + DAY_MS } }).run(id);
    expect(ended).toMatchObject({
      state: "ROLLED_BACK",
      failure: {
        code: "SM-CANARY-INCONCLUSIVE",
        message: `app: no request was seen at either release, nobody decided until ${new Date(latest).toISOString()}`,
      },
    });
    expect(await first.wake(lost)).toMatchObject({ code: "SM-LEASE-LOST" });
  });

  test("rollback: no silence is a yes", async () => {
    change({ failEvery: 0, strategy: { every: "200ms", judge: { on_inconclusive: "rollback" } } });
    expect(await lab.ship()).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-CANARY-INCONCLUSIVE" } });
  });

  describe("requests of our own", () => {
    const own = { every: "1s", judge: { requests: ["/"] } };

    test("find a release that answers its health check and nothing else", async () => {
      change({ failEvery: 1, strategy: { ...own, every: "3s" } });
      const ended = await lab.ship();
      expect(ended).toMatchObject({
        state: "ROLLED_BACK",
        failure: { code: expect.stringMatching(/^SM-(GUARD|CANARY)-ERRORS$/), service: "app" },
      });
      expect(await outcome(ended.id, "extended:1")).toMatchObject({ requests: { app: ["/"] } });
    });

    test("of paths that fail on both, or that the old release does not serve, say nothing", async () => {
      const judge = { requests: ["/broken", "/nowhere"], on_inconclusive: "rollback" };
      change({ failEvery: 0, strategy: { every: "2s", judge } });
      const ended = await lab.ship();
      expect(ended).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-CANARY-INCONCLUSIVE" } });
      expect(ended.failure?.next).toContain("that the old release answers without an error");
    });

    test("are told apart, and counted once: they do not pass the router", async () => {
      change({ failEvery: 0, strategy: own });
      const ended = await lab.ship();
      expect(ended.state).toBe("SUCCEEDED");
      const { candidate, baseline, own: sent } = Object((await outcome(ended.id, "judged:1"))?.app);
      expect(sent).toBeGreaterThan(0);
      expect(candidate).toEqual({ requests: sent, bad: 0 });
      expect(baseline).toEqual(candidate);
    });
  });

  test("on local the default goes on, and the journal says that it could not tell", async () => {
    change({ failEvery: 0, strategy: { every: "200ms" } });
    const ended = await lab.ship();
    expect(ended.state).toBe("SUCCEEDED");
    expect(await outcome(ended.id, "judged:1")).toMatchObject({ app: { verdict: "INCONCLUSIVE" } });
  });
});

test("the controller dies: who takes over goes on from the counts, and finds with them what is worse", async () => {
  await users(80);
  const first = mortal();
  change({ failEvery: 25 });
  const { id } = await first.deployer.begin(await lab.plan());
  const lost = first.deployer.run(id).catch((error: unknown) => error);
  await until("some errors", async () => ((await errorsOf(id))?.candidateBad ?? 0) >= 4);
  await first.die();
  const left = await errorsOf(id);
  let fewest = left?.candidateRequests ?? 0;
  expect(fewest).toBeGreaterThan(0);
  let over = false;
  const work = lab
    .another()
    .run(id)
    .finally(() => {
      over = true;
    });
  for (; !over; await delay(20)) fewest = Math.min(fewest, (await errorsOf(id))?.candidateRequests ?? 0);
  expect(await work).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-CANARY-ERRORS" } });
  // Counts that began anew would have been seen in the store, with few requests.
  expect(fewest).toBe(left?.candidateRequests);
  const end = await errorsOf(id);
  expect(end?.candidateRequests).toBeGreaterThan(fewest);
  expect(end?.candidateBad).toBeGreaterThan(left?.candidateBad ?? 0);
  expect(await first.wake(lost)).toMatchObject({ code: "SM-LEASE-LOST" });
});
