import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import type { Verdict } from "../contract/check.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { createAnchors } from "./anchors.ts";
import { createGate, type Gate } from "./gate.ts";
import { createJudge, type PlannedOutage } from "./judge.ts";
import { lookAtProber, newProber } from "./prober.ts";
import type { Address } from "./probes/address.ts";
import type { RunReport } from "./probes/run.ts";
import { isHere, targetOf } from "./target.ts";
import type { CheckSpec } from "./types.ts";
import { newCheck, type VerdictState } from "./verdict.ts";

function at(): { clock: Clock; move(ms: number): void } {
  let now = 1_000_000;
  return {
    clock: { ...systemClock, now: () => now, monotonic: () => now },
    move: (ms) => {
      now += ms;
    },
  };
}

const RULES = { everyMs: 30_000, recheck: 2 };
const TARGET: Address = { host: "shop.example", port: 443 };
const other = (name: string): Address => ({ host: name, port: 80 });
const failed: RunReport = {
  ...{ plannedAt: 0, startedAt: 0, kind: "confirmation", outcome: "fail", class: "refused", family: "availability" },
  ...{ detail: "refused", durationMs: 1, phases: null, body: null },
};
const last: VerdictState = { ...newCheck, verdict: "SUSPECT", confirming: 2 };

interface Setting {
  configured?: string[];
  reachable?: string[];
  gate?: Partial<Gate>;
  planned?: () => Promise<PlannedOutage>;
}

function setting({ configured = [], reachable = [], gate = {}, planned = async () => () => null }: Setting) {
  const { clock, move } = at();
  const asked: string[] = [];
  const reaches = async ({ host }: Address) => {
    asked.push(host);
    return reachable.includes(host);
  };
  const anchors = createAnchors({ clock, configured, reaches });
  const judge = createJudge({ clock, gate: { ...createGate(clock), ...gate }, anchors, planned });
  const decide = (report: RunReport, state = last, target: Address | null = TARGET) =>
    judge(report, { begun: clock.monotonic(), service: "shop", target, state, rules: RULES });
  return { decide, anchors, asked, move };
}

test("one of the anchors answers: the target is down; none answers: nobody knows", async () => {
  const seen = setting({ configured: ["a.example:443", "b.example:443"], reachable: ["b.example"] });
  expect(await seen.decide(failed)).toEqual(failed);
  const blind = setting({ configured: ["a.example:443", "b.example:443"] });
  expect(await blind.decide(failed)).toMatchObject({ outcome: "unknown", class: "prober", family: "none" });
});

test("anchors of the manifest that are gone themselves leave it to other hosts that answered", async () => {
  const { decide, anchors, asked } = setting({ configured: ["a.example:443"], reachable: ["one.example"] });
  anchors.answered(other("one.example"));
  expect(await decide(failed)).toEqual(failed);
  expect(asked).toEqual(["a.example", "one.example"]);
  const cutOff = setting({ configured: ["a.example:443"], reachable: ["10.0.0.7", "db.internal"] });
  for (const name of ["10.0.0.7", "db.internal"]) cutOff.anchors.answered(other(name));
  expect(await cutOff.decide(failed)).toMatchObject({ outcome: "unknown" });
});

test("what is planned for one service says nothing about another", async () => {
  const planned = async () => (service: string | null) => (service === "old" ? "not judged: taken away" : null);
  expect(await setting({ planned }).decide(failed)).toMatchObject({ outcome: "fail" });
});

test("only the run that decides asks, and within two seconds once for all", async () => {
  const { decide, asked, move } = setting({ configured: ["a.example:443"], reachable: ["a.example"] });
  await decide({ ...failed, outcome: "ok" });
  await decide(failed, { ...last, confirming: 1 });
  await decide({ ...failed, kind: "scheduled" });
  await decide(failed, { ...newCheck, verdict: "DOWN" });
  expect(asked).toEqual([]);
  await Promise.all([decide(failed), decide(failed), decide(failed)]);
  expect(asked).toEqual(["a.example"]);
  move(2_001);
  await decide(failed);
  expect(asked).toHaveLength(2);
});

test("without anchors two other hosts serve that answered within a minute; without them it is said", async () => {
  const { decide, anchors, asked, move } = setting({ reachable: ["two.example"] });
  expect(await decide(failed)).toEqual({ ...failed, detail: "refused (prober not verified)" });
  await decide({ ...failed, outcome: "ok" }, last, other("old.example"));
  move(61_000);
  for (const name of ["one.example", "two.example", "three.example"]) anchors.answered(other(name));
  anchors.answered(TARGET);
  expect(await decide(failed)).toEqual(failed);
  expect(asked).toEqual(["two.example", "three.example"]);
  move(60_001);
  expect(await decide(failed)).toMatchObject({ detail: "refused (prober not verified)" });
});

test("for a minute after nobody could be reached, runs that began before it still say nothing", async () => {
  const reachable: string[] = [];
  const { decide, move } = setting({ configured: ["a.example:443"], reachable });
  expect(await decide(failed)).toMatchObject({ outcome: "unknown" });
  reachable.push("a.example");
  move(59_000);
  expect(await decide(failed)).toMatchObject({ outcome: "unknown" });
  move(2_000);
  expect(await decide(failed)).toEqual(failed);
});

test("this machine itself and what is no network target need no anchors", async () => {
  const { decide, asked } = setting({ configured: ["a.example:443"] });
  expect(await decide(failed, last, { host: "127.0.0.1", port: 80 })).toEqual(failed);
  expect(await decide(failed, last, null)).toEqual(failed);
  expect(asked).toEqual([]);
});

test("a stall of ours, or a failure that is planned, makes a failed run unknown; many ask once", async () => {
  const stalled = setting({ gate: { blind: async () => "not judged: stalled" } });
  expect(await stalled.decide(failed)).toMatchObject({ outcome: "unknown", detail: "not judged: stalled" });
  expect(await stalled.decide({ ...failed, outcome: "ok" })).toMatchObject({ outcome: "ok" });
  let asked = 0;
  const planned = async () => {
    asked++;
    return (service: string | null) => (service === "shop" ? "not judged: being replaced" : null);
  };
  const { decide } = setting({ planned });
  const all = await Promise.all(Array.from({ length: 50 }, () => decide(failed)));
  expect(all.every(({ outcome }) => outcome === "unknown")).toBe(true);
  expect(asked).toBe(1);
});

test("an anchor is really connected to", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const open = createAnchors({ clock: systemClock, configured: [`127.0.0.1:${port}`] });
  expect(await open.sight(TARGET)).toBe("clear");
  server.close();
  const shut = createAnchors({ clock: systemClock, configured: [`127.0.0.1:${port}`] });
  expect(await shut.sight(TARGET)).toBe("blind");
});

test("whom a check asks", () => {
  const of = (options: object) => targetOf({ options } as unknown as CheckSpec);
  expect(of({ url: "https://shop.example/health" })).toEqual(TARGET);
  expect(of({ url: "http://[::1]:8080/" })).toEqual({ host: "::1", port: 8080 });
  expect(of({ tcp: "db.example:6000" })).toEqual({ host: "db.example", port: 6000 });
  expect(of({ postgres: "postgres://user:word@db.example/shop" })).toEqual({ host: "db.example", port: 5432 });
  expect(of({ steps: [{ get: "http://shop.example:81/" }] })).toEqual({ host: "shop.example", port: 81 });
  expect(of({ ping: "shop.example" })).toEqual({ host: "shop.example", port: 0 });
  expect(of({ dns: "shop.example" })).toEqual({ host: "shop.example", port: 0 });
  expect(of({ dns: "shop.example", resolver: "192.0.2.53:53" })).toEqual({ host: "192.0.2.53", port: 0 });
  expect(of({ process: "api" })).toBeNull();
  expect(of({ url: "nonsense" })).toBeNull();
  expect([isHere(other("localhost")), isHere(other("127.0.0.2")), isHere(TARGET)]).toEqual([true, true, false]);
});

test("all checks UNKNOWN for ten minutes is trouble of the prober, told once; one that sees ends it", () => {
  const blind: Verdict[] = ["UNKNOWN", "UNKNOWN"];
  let state = newProber;
  const look = (verdicts: Verdict[], now: number) => {
    const looked = lookAtProber(state, verdicts, now);
    state = looked.state;
    return looked.say;
  };
  expect(look([], 0)).toBeNull();
  expect(look(blind, 1_000)).toBeNull();
  expect(look(["UNKNOWN", "DOWN"], 300_000)).toBe("sees");
  expect(look(blind, 400_000)).toBeNull();
  expect(look(blind, 999_999)).toBeNull();
  expect(look(blind, 1_000_000)).toBe("blind");
  expect(look(blind, 2_000_000)).toBeNull();
  expect(look(["UP", "UNKNOWN"], 2_000_001)).toBe("sees");
  expect(look(["UP", "UNKNOWN"], 2_000_002)).toBeNull();
  // An earlier process may have told that it is blind: the next one that sees ends that too.
  state = newProber;
  expect(look(blind, 0)).toBeNull();
  expect(look(["UP", "UNKNOWN"], 1)).toBe("sees");
  expect(look(["UP", "UNKNOWN"], 2)).toBeNull();
});

test("a store that does not say what is planned holds no run up: nobody knows then", async () => {
  const { decide } = setting({ planned: () => new Promise(() => {}) });
  expect(await decide(failed)).toMatchObject({ outcome: "unknown", detail: expect.stringContaining("store") });
  const refusing = setting({ planned: () => Promise.reject(new Error("no store")) });
  expect(await refusing.decide(failed)).toMatchObject({ outcome: "fail" });
});
