import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createRedactor, Secret } from "../../core/redact.ts";
import { createGitHub } from "../../github/client.ts";
import { type GitHubDouble, REPOSITORY, startGitHub, TOKEN } from "../../github/testing.ts";
import { createTracker } from "../../github/tracker.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { createWorld, MINUTE, SECOND, type World } from "../testing.ts";
import { createIssueSync } from "./sync.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

let stores: TestStore[];
let runs = 0;
beforeAll(async () => {
  stores = [await openTestStore(), await openTestStore()];
});
afterAll(async () => {
  for (const store of stores) await store.drop();
});

const REQUESTS = ["GET /repos/ada/shop/issues", "POST /repos/ada/shop/issues", "PATCH /repos/ada/shop/issues"];
const fault = fc.record({
  match: fc.constantFrom(...REQUESTS),
  after: fc.boolean(),
  answer: fc.constantFrom("reset" as const, { status: 502 }, { status: 503 }),
});
/** Who looks after his issues next, alone or both at once, and for how long nothing happens then. */
const round = fc.record({
  who: fc.constantFrom<number[]>([0], [1], [0, 1]),
  wait: fc.constantFrom(0, SECOND, 20 * SECOND, MINUTE),
});

async function follow(store: TestStore, github: GitHubDouble): Promise<{ world: World; sync(): Promise<void> }> {
  const world = await createWorld(store, { app: `shop${runs}` });
  const signal = new AbortController().signal;
  const client = await createGitHub({ api: github.url, token: new Secret("t", TOKEN), signal, deadlineMs: 2_000 });
  const sync = createIssueSync({
    ...{ store, place: { app: `shop${runs}`, environment: "staging" }, repository: REPOSITORY, signal },
    ...{ tracker: createTracker(client, { repository: REPOSITORY }), incidents: world.incidents },
    settings: { severities: ["SEV1", "SEV2", "SEV3"], assignees: [], dispatch: "incident" },
    ...{ baseUrl: () => null, clock: world.clock, redact: createRedactor(), report: () => {} },
  });
  return { world, sync };
}

test("two who make an issue of the same trouble leave one open, whoever comes when and whatever fails on the way", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(round, { minLength: 1, maxLength: 5 }),
      fc.array(fault, { maxLength: 4 }),
      async (rounds, faults) => {
        runs += 1;
        // Each round has a repository of its own, whose numbers begin anew.
        for (const store of stores) await store.pool.query("delete from incident_issue");
        const github = await startGitHub();
        const daemons = await Promise.all(stores.map((store) => follow(store, github)));
        try {
          for (const { world } of daemons) await world.say("DOWN", { class: "assertion" });
          github.faults.push(...faults);
          for (const { who, wait } of rounds) {
            await Promise.all(daemons.map(({ sync }, index) => (who.includes(index) ? sync() : undefined)));
            for (const { world } of daemons) await world.jump(wait);
          }
          github.faults.length = 0;
          for (let look = 0; look < 4; look++)
            for (const { world, sync } of daemons) {
              await world.jump(10 * MINUTE);
              await sync();
            }
          const issues = await github.issues();
          expect(issues.filter(({ state }) => state === "open")).toHaveLength(1);
        } finally {
          for (const { world } of daemons) await world.stop();
          await github.stop();
        }
      },
    ),
    { numRuns: 10, endOnFailure: true },
  );
});
