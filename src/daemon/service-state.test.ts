import { expect, test } from "vitest";
import { namesWith } from "./heal.ts";
import { usersSide } from "./service-state.ts";

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
