import { describe, expect, test } from "vitest";
import { hostsInWords } from "./host-standing.ts";
import { hostSteps } from "./host-steps.ts";
import { evidenceText, judgeNotes, openQuestion } from "./judgement.ts";
import { Rollout, TrafficView } from "./rollout.ts";
import { type HostStory, hostRollout, hostTraffic } from "./testing.ts";

const LETTER = { done: "d", running: "r", failed: "F", waiting: ".", none: "-" };

function drawn(rollout: Rollout): string[] {
  const steps = hostSteps(rollout);
  return (steps?.rows ?? []).map(({ host, cells }) => `${host} ${cells.map(({ status }) => LETTER[status]).join("")}`);
}

test("the stories keep the contract", () => {
  for (const story of ["canary", "judged", "stuck", "inconclusive"] satisfies HostStory[]) {
    Rollout.parse(hostRollout(story));
    TrafficView.array().parse(hostTraffic(story));
  }
});

test("columns are the states, with each share by itself, and the way back once there is one", () => {
  const forward = ["prepared", "started", "verified", "10 %", "25 %", "50 %", "100 %", "promoted", "baked", "drained"];
  expect(hostSteps(hostRollout("canary"))?.columns).toEqual(forward);
  expect(hostSteps(hostRollout("judged"))?.columns).toEqual([...forward, "rolled back"]);
});

describe("hosts and steps", () => {
  test.each([
    ["canary", ["web1 ddddr.....", "web2 ddddr.....", "web3 ddddr....."]],
    ["inconclusive", ["web1 ddddr.....", "web2 ddddr.....", "web3 ddddr....."]],
    ["judged", ["web1 ddddF-----d", "web2 ddddF-----d", "web3 ddddF-----d"]],
    ["stuck", ["web1 dddd------d", "web2 dddd------d", "web3 ddddF-----F"]],
  ] as const)("%s", (story, rows) => expect(drawn(hostRollout(story))).toEqual(rows));

  const canary = hostRollout("canary");
  /** The canary when only its first records up to `key` were written. */
  const until = (state: Rollout["state"], key: string, phase: string): Rollout => {
    const last = canary.journal.findIndex((entry) => entry.key === key && entry.phase === phase);
    return { ...canary, state, journal: canary.journal.slice(0, last + 1) };
  };

  test("while some start, others are done or have not begun", () => {
    expect(drawn(until("STARTED", "start:api-12-h1-0", "intent"))).toEqual([
      "web1 dd........",
      "web2 dr........",
      "web3 d.........",
    ]);
  });

  test("what happens on all hosts at once runs on each", () => {
    expect(drawn(until("PREPARED", "prepare", "intent"))[2]).toBe("web3 r.........");
    expect(drawn({ ...canary, state: "BAKING" })[2]).toBe("web3 ddddddddr.");
    expect(drawn({ ...canary, state: "SUCCEEDED" })[2]).toBe("web3 dddddddddd");
  });

  test("a failure that names a unit is the failure of its host", () => {
    const started = until("CLEANING", "health:web@12", "intent");
    const entry = { ...(started.journal.at(-1) as Rollout["journal"][number]), seq: 999, phase: "outcome" as const };
    const broken = { failed: true, message: "web-12-h1-0: GET /health answered 503" };
    const journal = [...started.journal, { ...entry, payload: broken }];
    expect(drawn({ ...started, journal })).toEqual(["web1 dd--------r", "web2 dF--------r", "web3 dd--------r"]);
    const steps = hostSteps({ ...started, journal });
    expect(steps?.rows[1]?.cells[1]?.why).toBe(broken.message);
  });

  test("what ended before it touched a host has none", () => {
    expect(hostSteps({ ...canary, state: "FAILED", journal: [] })).toBeUndefined();
  });

  test("a second attempt that came true is no failure", () => {
    const started = until("STARTED", "start:api-12-h2-0", "outcome");
    const last = started.journal.at(-1) as Rollout["journal"][number];
    const journal = [
      ...started.journal.slice(0, -1),
      { ...last, payload: { failed: true, message: "x" } },
      { ...last, seq: 998, key: `${last.key}#2`, payload: { host: "web3" } },
    ];
    expect(drawn({ ...started, journal })[2]).toBe("web3 dr........");
  });
});

test("hosts in a sentence: most first, the others by name", () => {
  const words = (rollout: Rollout) => hostsInWords(hostSteps(rollout) as NonNullable<ReturnType<typeof hostSteps>>);
  expect(words(hostRollout("canary", { count: 20 }))).toBe("all 20 hosts: at 25 %");
  expect(words(hostRollout("stuck", { count: 20 }))).toBe("19 of 20 hosts: rolled back; web20: not rolled back");
});

test("the judge's notes, and the question it leaves to a person", () => {
  const waiting = hostRollout("inconclusive");
  expect(judgeNotes(waiting.journal).map(({ evidence }) => evidence)).toEqual([0.9, 0.8, 1.4, 1.1, 1.9, 2.4, 2.2, 2.9]);
  expect(judgeNotes(waiting.journal)[0]).toMatchObject({ service: "api", metric: "errors", needed: 300 });
  expect(openQuestion(waiting)).toBe("api: 41 of the 160 requests it takes to tell");
  expect(openQuestion(hostRollout("canary"))).toBeUndefined();
  const answered = { ...(waiting.journal.at(-1) as Rollout["journal"][number]), key: "judged:2", payload: {} };
  expect(openQuestion({ ...waiting, journal: [...waiting.journal, answered] })).toBeUndefined();
  expect([1e-9, 0.0234, 7.129, 412.3, 12_345].map(evidenceText)).toEqual([
    "under 0.01",
    "0.02",
    "7.13",
    "412",
    "12,300",
  ]);
});
