import type { ReleasedService } from "../../store/tables/release.ts";

/** A service of a release as the platform sees it: a worker in the folder `a` that sleeps. */
export function released(change: Partial<ReleasedService> = {}): ReleasedService {
  return {
    kind: "worker",
    hash: "h",
    parts: { start: "", env: "", files: "", settings: "" },
    start: ["sleep", "60"],
    build: null,
    env: {},
    path: "a",
    replicas: 1,
    health: null,
    drainMs: 1_000,
    graceMs: 1_000,
    startupMs: 1_000,
    data: [],
    ...change,
  };
}
