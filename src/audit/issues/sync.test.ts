import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AuditReport } from "../../contract/report.ts";
import { createRedactor, Secret } from "../../core/redact.ts";
import { createGitHub } from "../../github/client.ts";
import { type GitHubDouble, REPOSITORY, startGitHub, TOKEN } from "../../github/testing.ts";
import { createTracker } from "../../github/tracker.ts";
import { createWorld, MINUTE, PLANTED, SECOND, START, type World } from "../../incidents/testing.ts";
import { finishActionItem, insertActionItem, listActionItems } from "../../store/action-items.ts";
import { listReportIssues } from "../../store/report-issues.ts";
import { insertReport } from "../../store/reports.ts";
import { incidentIssue } from "../../store/tables/issues.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { auditFixture } from "../testing.ts";
import { createReportIssueSync } from "./sync.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const place = { app: "shop", environment: "staging" };
const AWAY = { match: "GET /repos", answer: { status: 503 } } as const;

let github: GitHubDouble;
let store: TestStore;
let world: World;
const failures: unknown[] = [];
beforeEach(async () => {
  github = await startGitHub();
  store = await openTestStore();
  world = await createWorld(store, { environment: "staging" });
  failures.length = 0;
});
afterEach(async () => {
  await world.stop();
  await store.drop();
  await github.stop();
});

/** A daemon's part; several of them share the store. */
async function daemon({ audit = true } = {}) {
  const signal = new AbortController().signal;
  const client = await createGitHub({ api: github.url, token: new Secret("t", TOKEN), signal, deadlineMs: 2_000 });
  return createReportIssueSync({
    ...{ store, place, repository: REPOSITORY, signal, settings: { audit }, clock: world.clock },
    tracker: createTracker(client, { repository: REPOSITORY }),
    finishItem: async (id, doneBy) =>
      void (await finishActionItem(store.db, { app: "shop", id, doneBy, doneAt: new Date(world.clock.now()) })),
    redact: createRedactor([PLANTED]),
    report: (error) => failures.push(error),
  });
}

async function item(id: string, owner = "ada") {
  const known = await world.incidents.list({ limit: 1 });
  if (known.length === 0) await world.say("DOWN");
  const { id: incidentId } = await world.only();
  const row = { ...place, id, incidentId, owner, due: "2026-03-10", createdBy: "ada", createdAt: new Date(START) };
  await insertActionItem(store.db, { ...row, text: `rotate ${PLANTED} @team` });
  return incidentId;
}
const items = () => listActionItems(store.db, place);
const finish = (id: string) =>
  finishActionItem(store.db, { app: "shop", id, doneBy: "cli:bob", doneAt: new Date(world.clock.now()) });

async function stored(week: string, change: Partial<AuditReport> = {}) {
  const data = auditFixture({ week, project: "shop", environment: "staging", ...change });
  expect(await insertReport(store.db, { ...place, kind: "audit", period: week, madeAt: new Date(), data })).toBe(true);
}

test("an action item has an issue of its own until it is done on either side", async () => {
  const sync = await daemon();
  const incidentId = await item("act-1");
  await item("act-2", "bob@example.com");
  await sync();
  const [first, second] = await github.issues();
  expect(first).toMatchObject({ state: "open", user: { login: "bot" }, assignees: [{ login: "ada" }] });
  expect(first?.labels.map(({ name }) => name)).toEqual(["act-1", "action-item"]);
  expect(first?.body).toContain(`**Owner:** ada\n**Due:** 2026-03-10\n**Incident:** ${incidentId}\n`);
  expect(first?.body).not.toMatch(/@team/);
  expect(first?.body + String(first?.title)).not.toContain(PLANTED);
  expect(second).toMatchObject({ state: "open", assignees: [] });
  expect((await listReportIssues(store.db, place, ["act-1"])).get("act-1")?.url).toContain("/issues/1");

  const asked = github.asked.length;
  await sync();
  expect(github.asked.length).toBe(asked);

  const at = new Date(world.clock.now());
  await store.db.insert(incidentIssue).values({
    ...{
      incidentId,
      app: "shop",
      repository: REPOSITORY,
      number: 41,
      url: "https://x/41",
      createdAt: at,
      lookedAt: at,
    },
    ...{ events: 0, told: 0, comments: 0, commentedAt: at, textHash: "", textAt: at, frozen: false, dispatched: false },
  });
  await github.ada("PATCH", "/issues/1", { body: `Ask Eve.\n\n${first?.body}`, title: "Rotate it" });
  await github.ada("PATCH", "/issues/2", { state: "closed" });
  await world.jump(61 * SECOND);
  await sync();
  const [edited] = await github.issues();
  expect(edited?.body).toMatch(/^Ask Eve\.\n\n<!-- [\s\S]*\*\*Incident:\*\* #41 \(inc-/);
  expect(edited?.title).toBe("Rotate it");
  expect(await items()).toMatchObject([
    { id: "act-1", doneBy: null },
    { id: "act-2", doneBy: "github:#2" },
  ]);

  await finish("act-1");
  await sync();
  const closed = (await github.issues())[0];
  expect(closed).toMatchObject({ state: "closed", body: expect.stringContaining("**Done by:** cli:bob") });
  const done = github.asked.length;
  await world.jump(10 * MINUTE);
  await sync();
  expect(github.asked.length).toBe(done);
  expect(failures).toEqual([]);
});

test("after a crash the issue that was made is found again, a stranger's is not, and a deleted one is made anew", async () => {
  const [sync, other] = [await daemon(), await daemon()];
  await item("act-1", "ada");
  const mark = "<!-- stationmaster:action-item v=1 project=shop id=act-1 begin -->";
  await github.ada("POST", "/issues", { title: "x", body: mark, labels: ["act-1"] });
  github.faults.push({ match: "POST /repos/ada/shop/issues", after: true, answer: "reset" });
  await sync();
  expect(failures).toMatchObject([{ code: "SM-GITHUB-AWAY" }]);
  await other();
  const mine = (await github.issues()).filter(({ user }) => user.login === "bot");
  expect(mine).toMatchObject([{ number: 2, state: "open" }]);
  expect((await listReportIssues(store.db, place, ["act-1"])).get("act-1")?.number).toBe(2);
  expect((await github.issues())[0]).toMatchObject({ body: mark, state: "open" });

  github.faults.push({ match: "GET /repos/ada/shop/issues/2", answer: { status: 410 } });
  await github.ada("PATCH", "/issues/2", { labels: [] });
  await world.jump(2 * MINUTE);
  await other();
  await other();
  expect((await github.issues()).map(({ number }) => number)).toEqual([1, 2, 3]);
});

test("two daemons that make one at once leave the older; an owner who cannot be assigned hinders nothing", async () => {
  const [one, two] = [await daemon(), await daemon()];
  await item("act-1", "nobody-we-know");
  github.faults.push({ match: "POST /repos/ada/shop/issues", answer: { status: 422, body: { message: "assignees" } } });
  await Promise.all([one(), two()]);
  await world.jump(2 * MINUTE);
  await one();
  const open = (await github.issues()).filter(({ state }) => state === "open");
  expect(open).toHaveLength(1);
  expect((await listReportIssues(store.db, place, ["act-1"])).get("act-1")?.number).toBe(open[0]?.number);
});

test("each audit has one issue, and closes the one before with a link", async () => {
  const sync = await daemon();
  await stored("2026-W08");
  await sync();
  expect(await github.issues()).toMatchObject([
    { number: 1, state: "open", title: "Monitoring audit 2026-W08: shop/staging" },
  ]);
  await github.ada("POST", "/issues", {
    title: "x",
    body: (await github.issues())[0]?.body,
    labels: ["monitoring-audit"],
  });
  await stored("2026-W09");
  github.faults.push({ match: "PATCH /repos/ada/shop/issues/1", after: true, answer: "reset" });
  github.faults.push({ match: "POST /repos/ada/shop/issues/1/comments", after: true, answer: { status: 502 } });
  for (let round = 0; round < 4; round++) {
    await sync();
    await world.jump(MINUTE);
  }
  const issues = await github.issues();
  expect(issues.map(({ number, state }) => [number, state])).toEqual([
    [1, "closed"],
    [2, "open"],
    [3, "open"],
  ]);
  expect(await github.comments(1)).toEqual(["The next audit, of 2026-W09, is #3."]);
  const [, , now] = issues;
  expect(now?.labels.map(({ name }) => name)).toEqual(["monitoring-audit", "audit:2026-W09"]);
  expect(now?.body).toContain("staging/api/health");
  expect(now?.body).toContain("stationmaster report audit --week 2026-W09");
  const asked = github.asked.length;
  await sync();
  expect(github.asked.length).toBe(asked);
  expect((await listReportIssues(store.db, place, ["audit:2026-W09"])).get("audit:2026-W09")?.number).toBe(3);
});

test("a public repository gets figures only, one that is switched off gets none, and all of it stays below the limit", async () => {
  await stored("2026-W07", {
    noisiest: [{ key: "k", service: "secret-service", symptom: PLANTED, incidents: 1, messages: 9 }],
  });
  await (await daemon({ audit: false }))();
  expect(await github.issues()).toEqual([]);
  await github.stop();
  github = await startGitHub({ isPrivate: false });
  await (await daemon())();
  const [open] = await github.issues();
  expect(open?.body).toContain("- checks never seen to fail: 1");
  expect(open?.body).not.toMatch(/secret-service|api\/health/);

  await github.stop();
  github = await startGitHub();
  const many = Array.from({ length: 5_000 }, (_, index) => ({
    check: `staging/a#${index}`,
    since: "2026-01-01T00:00:00.000Z",
  }));
  const said = `${PLANTED} see #12 and https://a.example`;
  const noisiest = [{ key: "k", service: "api", symptom: said, incidents: 1, messages: 9 }];
  await stored("2026-W08", { neverFailed: many, noisiest });
  await (await daemon())();
  const [long] = await github.issues();
  expect(long?.body.length).toBeLessThan(62_000);
  expect(long?.body).toMatch(/\(cut off here\)[\s\S]*<!-- stationmaster:audit end -->$/);
  expect(long?.body).not.toMatch(/a#\d|secret-value|#12|:\/\//);
});

test("while GitHub is away it is said once, and made up for later", async () => {
  const sync = await daemon();
  await item("act-1");
  await stored("2026-W09");
  github.faults.push(...Array.from({ length: 6 }, () => AWAY));
  for (let round = 0; round < 3; round++) {
    await sync();
    await world.jump(5 * MINUTE);
  }
  expect(failures).toHaveLength(1);
  await sync();
  expect(await github.issues()).toHaveLength(2);
});

test("what GitHub refuses again and again keeps nothing else from its turn", async () => {
  const sync = await daemon({ audit: false });
  const ids = Array.from({ length: 60 }, (_, index) => `act-${String(index).padStart(2, "0")}`);
  for (const id of ids) await item(id, "bob@example.com");
  const refusal = { match: "GET /repos/ada/shop/issues", answer: { status: 422, body: { message: "no" } } } as const;
  github.faults.push(...Array.from({ length: 55 }, () => refusal));
  for (let round = 0; round < 6; round++) {
    await sync();
    await world.jump(SECOND);
  }
  expect(failures).toHaveLength(1);
  expect(await github.issues()).toHaveLength(5);
});
