import { expect, test } from "vitest";
import { failingNeeds, namesWith } from "./check-names.ts";
import { bearingOn, serviceHost, serviceState, usersSide } from "./service-state.ts";

const replica = (role: "stable" | "candidate", weight: number, state: "running" | "draining" = "running") => ({
  role,
  replica: { weight, state },
});
const [old, leaving, fresh] = [replica("stable", 0), replica("stable", 0, "draining"), replica("candidate", 100)];

test.each([
  ["nothing is going on", [replica("stable", 100)], "stable"],
  ["a canary has a few requests", [replica("stable", 90), replica("candidate", 10)], "stable"],
  ["a rollout got stuck with all requests on the new release", [old, fresh], "candidate"],
  ["a worker has no requests", [replica("stable", 0), replica("candidate", 0)], "stable"],
] as const)("when %s, users have the %s side", (_, replicas, side) => {
  expect(new Set(usersSide(replicas).map(({ role }) => role))).toEqual(new Set([side]));
});

test("who leaves is not what users have", () => {
  expect(usersSide([leaving, replica("stable", 100)])).toHaveLength(1);
});

test.each([
  ["http", "heartbeat", "DOWN", "DEGRADED"],
  ["http", "heartbeat", "UNKNOWN", "UNKNOWN"],
  ["http", "http", "DOWN", "DOWN"],
  ["worker", "heartbeat", "DOWN", "DOWN"],
] as const)("for a service of kind %s a %s that is %s counts as %s", (kind, type, verdict, expected) => {
  expect(bearingOn(kind, { type, verdict }).verdict).toBe(expected);
});

test("a service or store is down by its own checks, not by those of the manifest", () => {
  const checks = [
    { id: "local/api/health", verdict: "DOWN" },
    { id: "local/api/process", verdict: "UP" },
    { id: "local/web/health", verdict: "SUSPECT" },
    { id: "local/store/db", verdict: "DOWN" },
    { id: "local/check/login", verdict: "DOWN" },
    { id: "other/worker/process", verdict: "DOWN" },
  ] as const;
  expect(namesWith(checks, "local", ["DOWN"])).toEqual(["api", "db"]);
  expect(namesWith(checks, "local", ["DOWN", "SUSPECT"])).toEqual(["api", "web", "db"]);
});

const onHosts = [
  { id: "p/api/health@h1", service: "api", verdict: "UP" },
  { id: "p/api/process@h2", service: "api", verdict: "DOWN" },
  { id: "p/web/health@h1", service: "web", verdict: "DOWN" },
  { id: "p/web/health@ada@h2", service: "web", verdict: "DOWN" },
  { id: "p/infrastructure/db@h2", service: null, verdict: "DOWN" },
  { id: "p/infrastructure/db@h1", service: null, verdict: "UP" },
  { id: "p/store/main", service: null, verdict: "DOWN" },
] as const;

test("what serves on another host is not down", () => {
  expect(namesWith(onHosts, "p", ["DOWN"])).toEqual(["web", "main"]);
});

test.each([
  ["api", ["db", "main"]],
  ["web", ["main"]],
  ["worker", ["db", "main"]],
])("%s may fail for what fails on the same host, or has none: %j", (service, expected) => {
  expect(failingNeeds(onHosts, { environment: "p", service, needs: ["db", "main", "api2"] }, ["DOWN"])).toEqual(
    expected,
  );
});

test("a late job is named, and is no degraded check", () => {
  const known = { deploying: false, deployed: true, alive: 1, expected: 1, verdicts: ["UP", "DEGRADED"] } as const;
  const late = serviceState({ ...known, lateJobs: ["local/check/nightly"] });
  expect(late).toEqual({ state: "degraded", detail: "a job is late or failed: local/check/nightly" });
  expect(serviceState(known).detail).toBe("a check is degraded");
});

const facts = { deploying: false, alive: 1, expected: 2, verdicts: [], deployed: true } as const;
const host = (name: string, state: "healthy" | "down" | "degraded" | "unknown", detail: string | null = null) => ({
  ...{ host: name, state, detail },
});

test.each([
  [[host("h1", "healthy"), host("h2", "down")], "degraded", "down on h2"],
  [[host("h1", "down"), host("h2", "down")], "down", "down on every host"],
  [[host("h1", "healthy"), host("h2", "degraded", "a check is suspect")], "degraded", "a check is suspect on h2"],
  [[host("h1", "healthy"), host("h2", "unknown")], "degraded", "nothing is known of h2"],
] as const)("a service on hosts %j is %s: %s", (hosts, state, detail) => {
  expect(serviceState({ ...facts, alive: 2, hosts })).toEqual({ state, detail });
});

test.each([
  [{ down: ["local/web/health"] }, "local/web/health says it is down"],
  [{ down: ["a", "b"], because: ["api"] }, "a, b say it is down, because of api"],
])("a service that is down names what says so: %j", (extra, detail) => {
  expect(serviceState({ ...facts, alive: 2, verdicts: ["DOWN"], ...extra })).toEqual({ state: "down", detail });
});

test.each([
  ["running", [], "healthy", null],
  ["running", ["DOWN"], "down", "a check says it is down"],
  ["exited", [], "down", "no replica is running"],
  ["unknown", ["DOWN"], "unknown", "the host does not answer"],
] as const)("with a replica that is %s and verdicts %j a host is %s", (state, verdicts, expected, detail) => {
  const seen = serviceHost({ host: "h1", replicas: [{ state }], expected: 1, verdicts });
  expect(seen).toEqual({ host: "h1", alive: state === "running" ? 1 : 0, expected: 1, state: expected, detail });
});
