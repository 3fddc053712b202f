import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRedactor, Secret } from "../../core/redact.ts";
import { createGitHub } from "../../github/client.ts";
import { type GitHubDouble, REPOSITORY, startGitHub, TOKEN } from "../../github/testing.ts";
import { createTracker } from "../../github/tracker.ts";
import { finishActionItem, insertActionItem } from "../../store/action-items.ts";
import { putReportIssue } from "../../store/report-issues.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { createWorld, MINUTE, PLANTED, SECOND, type World, type WorldOptions } from "../testing.ts";
import type { SyncOptions } from "./options.ts";
import { createIssueSync } from "./sync.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let github: GitHubDouble;
const ends: (() => Promise<void>)[] = [];
const failures: unknown[] = [];
beforeEach(async () => {
  github = await startGitHub();
  failures.length = 0;
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await github.stop();
});

async function daemon(options: WorldOptions & { settings?: Partial<SyncOptions["settings"]> } = {}) {
  const store: TestStore = await openTestStore();
  const world: World = await createWorld(store, options);
  ends.push(store.drop, world.stop);
  await world.grant("api");
  const signal = new AbortController().signal;
  const client = await createGitHub({ api: github.url, token: new Secret("t", TOKEN), signal, deadlineMs: 2_000 });
  const sync = createIssueSync({
    ...{ store, place: { app: "shop", environment: options.environment ?? "staging" }, repository: REPOSITORY, signal },
    tracker: createTracker(client, { repository: REPOSITORY }),
    incidents: {
      get: (id) => world.incidents.get(id),
      setFrozen: (id, frozen, actor) => world.incidents.setFrozen(id, frozen, actor),
    },
    settings: { severities: ["SEV1", "SEV2", "SEV3"], assignees: [], dispatch: "incident", ...options.settings },
    ...{ baseUrl: () => "https://ops.example", clock: world.clock, redact: createRedactor([PLANTED]) },
    report: (error) => failures.push(error),
  });
  return { world, sync, store };
}

const labelsOf = ({ labels }: { labels: { name: string }[] }) => labels.map(({ name }) => name);
const only = async () => {
  const issues = await github.issues();
  expect(issues).toHaveLength(1);
  return issues[0] as (typeof issues)[number];
};

test("from the first failure to its end, again, and later anew", async () => {
  const { world, sync } = await daemon();
  await world.say("SUSPECT");
  await sync();
  expect(await github.issues()).toEqual([]);
  await world.say("DOWN");
  await sync();
  const { id, key } = await world.only();
  const first = await only();
  expect(first).toMatchObject({
    title: "🚨 Production Incident: api not answering (connection refused)",
    state: "open",
    user: { login: "bot" },
  });
  expect(labelsOf(first)).toEqual(["production-incident", "SEV1", `inc-${key.slice(0, 12)}`]);
  expect(first.body).toMatch(
    /^<!-- .* begin -->\n\*\*Severity:\*\* SEV1\n\*\*Failed Checks:\*\* api\/health\n\*\*Detected:\*\* 2026-03-01T12:00:00.000Z\n/,
  );
  expect(first.body).toContain(
    "<details><summary>api: last 2 log lines</summary>\n\n```text\nboot\nError: out of memory",
  );
  expect(first.body).toContain(`- Run: https://ops.example/incidents/${id}`);
  expect((await world.incidents.get(id))?.issue).toMatchObject({
    number: 1,
    url: expect.stringContaining("/issues/1"),
  });
  expect(github.dispatched).toMatchObject([{ event_type: "incident", client_payload: { incident: id, issue: 1 } }]);

  await world.pass(2 * SECOND);
  await sync();
  const [healing = ""] = await github.comments(1);
  expect(healing).toContain("**Healing");
  expect(healing).toContain("restart");
  const asked = github.asked.length;
  await sync();
  expect(github.asked.length).toBe(asked);

  await world.say("UP");
  await sync();
  expect((await github.comments(1)).at(-1)).toContain("**Recovering**");
  await world.pass(16 * MINUTE, MINUTE);
  await sync();
  expect((await github.comments(1)).at(-1)).toMatch(/\*\*Resolved\*\*[\s\S]*\| onset \|[\s\S]*\| resolved \|/);
  expect(await only()).toMatchObject({ state: "closed", body: expect.stringContaining("**State:** resolved") });
  const done = github.asked.length;
  await sync();
  expect(github.asked.length).toBe(done);

  await world.say("DOWN");
  await sync();
  expect(await only()).toMatchObject({ state: "open", number: 1 });
  expect((await github.comments(1)).at(-1)).toContain("again (2): api not answering");
  await world.say("UP");
  await world.pass(50 * MINUTE, MINUTE);
  await sync();
  await world.say("DOWN");
  await sync();
  const [old, next] = await github.issues();
  expect(old?.state).toBe("closed");
  expect(next).toMatchObject({ number: 2, state: "open", body: expect.stringContaining("**Before:** #1") });
  expect(github.dispatched).toHaveLength(2);
  expect(failures).toEqual([]);
});

test("what people write stays; `frozen` stops healing; closing by hand is answered once", async () => {
  const { world, sync } = await daemon({ environment: "production" });
  await world.say("DOWN", { environment: "production" });
  await sync();
  const { body } = await only();
  await github.ada("PATCH", "/issues/1", { body: `Call Bob first.\n\n${body}\n\nSee the runbook.` });
  await github.ada("POST", "/issues/1/labels", { labels: ["frozen", "payments"] });
  await world.pass(61 * SECOND);
  await sync();
  const { id } = await world.only();
  expect((await world.only()).flags).toContain("frozen");
  expect((await github.comments(1)).join("\n")).toContain(`stationmaster approve ${id}`);
  await world.incidents.setSeverity(id, "SEV2", "cli:ada");
  await world.pass(61 * SECOND);
  await sync();
  const edited = await only();
  expect(edited.body).toMatch(
    /^Call Bob first\.\n\n<!-- [\s\S]*\*\*Severity:\*\* SEV2[\s\S]* end -->\n\nSee the runbook\.$/,
  );
  expect(labelsOf(edited)).toEqual(expect.arrayContaining(["production-incident", "SEV2", "frozen", "payments"]));
  expect(labelsOf(edited)).not.toContain("SEV1");

  await github.ada("DELETE", "/issues/1/labels/frozen");
  await github.ada("PATCH", "/issues/1", { state: "closed" });
  await world.pass(61 * SECOND);
  await sync();
  await world.pass(61 * SECOND);
  await sync();
  expect((await world.only()).flags ?? []).not.toContain("frozen");
  const said = (await github.comments(1)).filter((text) => text.includes("closed by hand"));
  expect(said).toHaveLength(1);
  expect(await only()).toMatchObject({ state: "closed" });
  expect((await world.only()).state).toBe("open");
  expect(failures).toEqual([]);
});

test("two daemons that make one at once leave one open", async () => {
  const [one, two] = [await daemon(), await daemon()];
  await Promise.all([one, two].map(({ world }) => world.say("DOWN")));
  await Promise.all([one.sync(), two.sync()]);
  for (const { world, sync } of [one, two]) {
    await world.pass(61 * SECOND);
    await sync();
  }
  const issues = await github.issues();
  expect(issues.filter(({ state }) => state === "open")).toMatchObject([{ number: 1 }]);
  for (const { world } of [one, two]) expect((await world.only()).issue?.number).toBe(1);
});

test("what was done although no answer came is not done again", async () => {
  const { world, sync } = await daemon();
  github.faults.push({ match: "POST /repos/ada/shop/issues", after: true, answer: { status: 502 } });
  await world.say("DOWN");
  await sync();
  expect(failures).toMatchObject([{ code: "SM-GITHUB-AWAY" }]);
  await world.jump(20 * SECOND);
  await sync();
  await only();
  github.faults.push({ match: "POST /repos/ada/shop/issues/1/comments", after: true, answer: "reset" });
  await world.pass(2 * SECOND);
  await sync();
  await world.jump(20 * SECOND);
  await sync();
  const texts = await github.comments(1);
  expect(texts.filter((text) => text.includes("**Healing"))).toHaveLength(1);
  expect(github.dispatched).toHaveLength(1);
});

test("while GitHub is away it is said once; what somebody deleted is made again", async () => {
  const { world, sync } = await daemon();
  github.faults.push(...Array.from({ length: 9 }, () => ({ match: "GET /repos", answer: { status: 503 } })));
  await world.say("DOWN");
  for (let round = 0; round < 3; round++) {
    await sync();
    await world.jump(2 * MINUTE);
  }
  expect(failures).toHaveLength(1);
  await sync();
  await only();
  github.faults.push({ match: "GET /repos/ada/shop/issues/1", answer: { status: 410 } });
  await github.ada("PATCH", "/issues/1", { labels: [] });
  await world.jump(2 * MINUTE);
  await sync();
  await sync();
  expect(await github.issues()).toHaveLength(2);
});

test("a stranger's issue with our mark is left alone; what is kept quiet or not severe gets none", async () => {
  const { world, sync } = await daemon({ settings: { severities: ["SEV1"] } });
  await world.say("DOWN", { critical: false });
  await sync();
  expect(await github.issues()).toEqual([]);
  const { id, key } = await world.only();
  const mark = `<!-- stationmaster:incident v=1 project=shop key=inc-${key.slice(0, 12)} begin -->`;
  await github.ada("POST", "/issues", { title: "x", body: mark, labels: [`inc-${key.slice(0, 12)}`] });
  await world.incidents.setSeverity(id, "SEV1", "cli:ada");
  await sync();
  expect(await github.issues()).toMatchObject([{ user: { login: "ada" }, body: mark }, { user: { login: "bot" } }]);
});

test("a public repository gets no log lines", async () => {
  await github.stop();
  github = await startGitHub({ isPrivate: false });
  const { world, sync } = await daemon();
  await world.say("DOWN", { detail: `refused with ${PLANTED}` });
  await world.pass(2 * SECOND);
  await sync();
  const text = [(await only()).body, ...(await github.comments(1))].join("\n");
  expect(text).not.toContain("out of memory");
  expect(text).not.toContain(PLANTED);
  expect(text).toMatch(/2 log lines kept as evidence inc-\S+#\d/);
});

test("its action items are shown also once it is over: when they are added, get an issue, and are done", async () => {
  const { world, sync, store } = await daemon();
  await world.say("DOWN");
  await sync();
  await world.say("UP");
  await world.pass(20 * MINUTE, MINUTE);
  await sync();
  const { id } = await world.only();
  const place = { app: "shop", environment: "staging" };
  const row = {
    ...place,
    id: "act-1",
    incidentId: id,
    text: `raise the pool ${PLANTED}`,
    owner: "bob",
    due: "2026-03-10",
  };
  await insertActionItem(store.db, { ...row, createdBy: "ada", createdAt: new Date(world.clock.now()) });
  await sync();
  expect((await only()).body).toContain("### Action Items\n\n- act-1 (open, due 2026-03-10): raise the pool");
  expect((await only()).body).not.toContain(PLANTED);
  const issue = { number: 9, url: "https://github.example/9", textHash: "", lookedAt: new Date(0), settled: false };
  await putReportIssue(store.db, { ...place, subject: "act-1", repository: REPOSITORY, ...issue });
  await sync();
  expect((await only()).body).toContain("- #9 (open, due 2026-03-10): raise the pool");
  await finishActionItem(store.db, { app: "shop", id: "act-1", doneBy: "bob", doneAt: new Date(world.clock.now()) });
  await sync();
  expect(await only()).toMatchObject({ state: "closed", body: expect.stringContaining("- #9 (done): raise the pool") });
  const asked = github.asked.length;
  await sync();
  expect(github.asked.length).toBe(asked);
  expect(failures).toEqual([]);
});
