import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../core/clock.ts";
import { Secret } from "../core/redact.ts";
import { createGitHub } from "./client.ts";
import { limitAfter, noLimit } from "./limits.ts";
import { type GitHubDouble, REPOSITORY, startGitHub, TOKEN } from "./testing.ts";
import { createTracker } from "./tracker.ts";

let github: GitHubDouble;
let now = 0;
const clock = { ...systemClock, now: () => now, sleep: async () => {} };
beforeEach(async () => {
  now = Date.parse("2026-03-01T12:00:00Z");
  github = await startGitHub();
});
afterEach(() => github.stop());

const connect = async (change: { token?: string; deadlineMs?: number } = {}) =>
  await createGitHub({
    ...{ api: github.url, token: new Secret("t", change.token ?? TOKEN), signal: new AbortController().signal, clock },
    ...(change.deadlineMs === undefined ? {} : { deadlineMs: change.deadlineMs }),
  });
const tracker = async (change = {}) => createTracker(await connect(change), { repository: REPOSITORY });
const issue = { title: "t", body: "b", labels: ["l"], assignees: [] };

test("a read is tried three times, a write is sent once", async () => {
  const issues = await tracker();
  github.faults.push(...["/repos", "/repos"].map((match) => ({ match, answer: { status: 502 } })));
  expect(await issues.repository()).toMatchObject({ private: true, permissions: { push: true } });
  expect(github.asked).toHaveLength(3);
  github.faults.push(...Array.from({ length: 3 }, () => ({ match: "/user", answer: "reset" as const })));
  await expect(issues.login()).rejects.toMatchObject({ code: "SM-GITHUB-AWAY", retryable: true });
  github.faults.push({ match: "POST", after: true, answer: { status: 500 } });
  await expect(issues.create(issue)).rejects.toMatchObject({ code: "SM-GITHUB-AWAY" });
  expect(github.writes()).toHaveLength(1);
  expect(await github.issues()).toHaveLength(1);
});

test("what has not changed is free, and lists have all pages", async () => {
  const issues = await tracker();
  for (let index = 0; index < 3; index++) await issues.create(issue);
  const { list } = await connect();
  const query = { owner: "ada", repo: "shop", per_page: 2 };
  const numbers = async () => await list("GET /repos/{owner}/{repo}/issues", query, z.object({ number: z.int() }));
  expect(await numbers()).toHaveLength(3);
  expect(await numbers()).toHaveLength(3);
  expect(github.asked.slice(-4).map(({ status }) => status)).toEqual([200, 200, 304, 304]);
  await issues.comment(1, "x");
  expect(await numbers()).toHaveLength(3);
});

test("an answer that does not come has a deadline", async () => {
  const issues = await tracker({ deadlineMs: 200 });
  github.faults.push({ match: "POST", answer: "hang" });
  await expect(issues.create(issue)).rejects.toMatchObject({
    message: expect.stringContaining("did not answer within"),
  });
});

test("refusals name the permission and never the token; redirects are not followed", async () => {
  const issues = await tracker();
  const message = "Resource not accessible by personal access token";
  github.faults.push({ match: "POST", answer: { status: 403, body: { message } } });
  const failure = await issues.create(issue).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "SM-GITHUB-REFUSED", next: expect.stringContaining("write access") });
  expect(inspect(failure, { depth: 9 })).not.toContain(TOKEN);
  github.faults.push({ match: "POST", answer: { status: 301, headers: { location: "https://elsewhere.example/" } } });
  await expect(issues.create(issue)).rejects.toMatchObject({ code: "SM-GITHUB-MOVED" });
  github.faults.push({ match: "POST", answer: { status: 201, body: { odd: true } } });
  await expect(issues.create(issue)).rejects.toMatchObject({ code: "SM-GITHUB-ANSWER" });
});

test("at a limit nothing is sent until it is over", async () => {
  const issues = await tracker();
  const reset = String(now / 1_000 + 120);
  github.faults.push({
    match: "/repos",
    answer: { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } },
  });
  await expect(issues.repository()).rejects.toMatchObject({ code: "SM-GITHUB-LIMIT" });
  await expect(issues.create(issue)).rejects.toMatchObject({ code: "SM-GITHUB-LIMIT" });
  expect(github.asked).toHaveLength(1);
  now += 121_000;
  await issues.create(issue);
});

test("how long a limit holds", () => {
  const later = (before: typeof noLimit, headers: Record<string, string>, message = "", status = 403) =>
    limitAfter(before, { status, headers, message }, 1_000_000);
  expect(later(noLimit, { "retry-after": "30" })).toEqual({ until: 1_030_000, strikes: 0 });
  expect(later(noLimit, {}, "You have exceeded a secondary rate limit")).toEqual({ until: 1_060_000, strikes: 1 });
  expect(later({ until: 0, strikes: 6 }, {}, "", 429)).toEqual({ until: 1_900_000, strikes: 7 });
  expect(later(noLimit, {}, "Resource not accessible by integration")).toEqual(noLimit);
  expect(later(noLimit, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1100" }, "", 200).until).toBe(1_100_000);
  expect(later({ until: 0, strikes: 3 }, { "x-ratelimit-remaining": "7" }, "", 200)).toEqual(noLimit);
});
