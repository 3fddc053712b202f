import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { type GitHubDouble, REPOSITORY, startGitHub, TOKEN } from "../github/testing.ts";
import { createWorld } from "../incidents/testing.ts";
import { insertActionItem, listActionItems } from "../store/action-items.ts";
import { openTestStore } from "../store/testing.ts";
import { createBus } from "./bus.ts";
import type { Engine } from "./engine.ts";
import { gitHubFindings } from "./github.ts";
import { keepIssues } from "./issues.ts";
import { createLoops } from "./loops.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let github: GitHubDouble;
beforeEach(async () => {
  github = await startGitHub();
});
afterEach(() => github.stop());

const engineWith = (change: Record<string, unknown> = {}, more: Partial<Engine> = {}) => {
  const settings = {
    token: "${secret:T}",
    api: github.url,
    issues: { severities: ["SEV1"], assignees: [] },
    ...change,
  };
  return {
    ...{ clock: systemClock, environment: "staging", redact: createRedactor(), bus: createBus() },
    manifest: { project: "shop", repository: REPOSITORY, github: settings },
    resolve: async () => TOKEN,
    ...more,
  } as unknown as Engine;
};

test("the doctor says what works and what is missing", async () => {
  expect(await gitHubFindings(engineWith())).toEqual([
    { name: "github", state: "ok", detail: "ada/shop (private) as bot, incidents become issues", next: null },
  ]);
  const { issues: _, ...bare } = engineWith().manifest.github ?? {};
  expect(await gitHubFindings(engineWith({ ...bare, issues: undefined }))).toMatchObject([{ state: "ok" }]);
  const body = { private: false, has_issues: true, permissions: { push: false } };
  github.faults.push({ match: "GET /repos", answer: { status: 200, body } });
  expect(await gitHubFindings(engineWith())).toMatchObject([
    { state: "warning", detail: expect.stringContaining("may not write") },
  ]);
  github.faults.push({ match: "GET /repos", answer: { status: 401, body: { message: "Bad credentials" } } });
  expect(await gitHubFindings(engineWith())).toMatchObject([
    { state: "failed", next: expect.stringContaining("token") },
  ]);
  const none = { ...engineWith(), manifest: { project: "shop" } } as unknown as Engine;
  expect(await gitHubFindings(none)).toEqual([]);
});

test("an incident has its issue as soon as it changes, in the environments that are named", async () => {
  const store = await openTestStore();
  const world = await createWorld(store);
  const loops = createLoops((error) => expect.fail(String(error)));
  const audited: unknown[] = [];
  let wake: (id: string) => void = () => {};
  const elsewhere = { severities: ["SEV1"], assignees: [], environments: ["production"] };
  try {
    for (const settings of [{ issues: elsewhere }, {}]) {
      const clock = { ...world.clock, monotonic: systemClock.monotonic };
      const engine = engineWith(settings, { store, clock, audit: async (entry) => void audited.push(entry) });
      wake = (id) => engine.bus.emit({ type: "incident", id });
      const options = { incidents: world.incidents, baseUrl: () => null, report: expect.fail };
      keepIssues(loops, engine, { ...options, whenLeading: (work) => work });
      if ("issues" in settings) await world.say("DOWN");
      await systemClock.sleep(2_500);
      if ("issues" in settings) expect(await github.issues()).toEqual([]);
    }
    await expect.poll(() => github.issues(), { timeout: 20_000 }).toHaveLength(1);

    const { id: incidentId } = await world.only();
    const place = { app: "shop", environment: "staging" };
    const item = { id: "act-1", incidentId, text: "raise it", owner: "ada", due: "2026-03-10", createdBy: "ada" };
    await insertActionItem(store.db, { ...place, ...item, createdAt: new Date() });
    wake(incidentId);
    await expect.poll(() => github.issues(), { timeout: 20_000 }).toHaveLength(2);
    expect((await github.issues())[1]?.body).toContain("**Incident:** #1 (");
    await github.ada("PATCH", "/issues/2", { state: "closed" });
    await world.jump(61_000);
    wake(incidentId);
    await expect
      .poll(async () => (await listActionItems(store.db, place))[0]?.doneBy, { timeout: 20_000 })
      .toBe("github:#2");
    expect(audited).toMatchObject([{ actor: "github:#2", action: "action-item.done", subject: incidentId }]);
  } finally {
    loops.halt();
    await loops.idle();
    await world.stop();
    await store.drop();
  }
});
