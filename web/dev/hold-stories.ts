import type { Approval, Freeze, Lock, QueuedDeploy } from "../../src/contract/hold.ts";
import type { MigrationHistory, MigrationReport } from "../../src/contract/migration.ts";
import type { Preview } from "../../src/contract/preview.ts";
import { hostPlan } from "../../src/contract/testing.ts";
import { before } from "./fixtures.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What people hold an environment with; a test changes it through the API. */
export interface Holds {
  lock: Lock | undefined;
  freezes: Freeze[];
  queued: QueuedDeploy | undefined;
  approvals: Approval[];
}

export function holds(): Holds {
  return {
    lock: undefined,
    freezes: [freeze("fr-1", "the autumn fair: nobody touches the shop while the stand is open")],
    queued: undefined,
    approvals: [
      approval("ap-2", { what: "override:clock", evidence: "the host is replaced tomorrow", who: "cli:alice" }),
      approval("ap-1", { what: "qa", evidence: "https://ci.example/runs/8123", who: "cli:dana" }),
    ],
  };
}

export function freeze(id: string, reason: string, until: string | null = before(-3 * DAY)): Freeze {
  return { id, environment: "local", from: before(2 * HOUR), until, reason, who: "cli:dana" };
}

export function lock(reason: string, holder: string): Lock {
  return { environment: "local", holder, reason, since: before(1_000) };
}

export function approval(id: string, extra: Partial<Approval>): Approval {
  const base = { environment: "local", release: "shop-0045", what: "qa", who: "dashboard", evidence: null };
  return { ...base, id, at: before(HOUR), ...extra };
}

export const QUEUED: QueuedDeploy = {
  id: "ro-60",
  waitsFor: null,
  environment: "local",
  release: "shop-0045",
  actor: "dashboard",
  opensAt: before(-DAY),
};

function preview(name: string, extra: Partial<Preview>): Preview {
  return {
    ...{ name, state: "running", ready: true, reason: null, url: `http://${name}.preview.example.com`, ref: "login" },
    ...{ commit: "9f2c1ab40d7e11aa01", fork: false, host: "deploy@preview.example.com", expiresAt: null },
    ...{ createdAt: before(2 * DAY), usedAt: before(HOUR) },
    ...extra,
  };
}

export function previews(): Preview[] {
  return [
    preview("pr-7", { ref: "feature/login" }),
    preview("pr-9", { state: "asleep", ref: "refs/pull/9/head", fork: true, usedAt: before(4 * DAY) }),
    preview("br-a-very-long-branch-name-that-somebody-chose-on-a-friday-afternoon", {
      ref: "a-very-long-branch-name-that-somebody-chose-on-a-friday-afternoon",
      ready: false,
    }),
    preview("pr-12", {
      reason: "ro-90 ended FAILED: SM-VERIFY-HEALTH: GET /health answered 503 in 3 of 3 tries",
      ref: "orders",
    }),
    preview("pr-3", { state: "closed", expiresAt: before(-5 * DAY), ref: "search" }),
    preview("pr-15", {
      ...{ state: "removed", ready: false, url: null, ref: "one-too-many", commit: null },
      reason: "the host has its 10 previews",
    }),
  ];
}

export function migrationHistory(): MigrationHistory {
  const run = { service: "api", tool: "alembic", rollout: "ro-43", startedAt: before(5 * HOUR) };
  return {
    environment: "local",
    services: [
      { service: "api", tool: "alembic", position: 41 },
      { service: "worker", tool: "sql", position: null },
    ],
    runs: [
      { ...run, id: "a41c fill orders.note", kind: "backfill", position: 41, endedAt: null, outcome: null },
      {
        ...run,
        id: "77e0 add orders.note",
        kind: "expand",
        position: 40,
        endedAt: before(5 * HOUR - 900),
        outcome: "done",
      },
      {
        ...run,
        id: "51b2 index orders",
        kind: "expand",
        position: 39,
        endedAt: before(5 * HOUR - 3_000),
        outcome: "failed",
      },
    ],
    backfills: [
      { service: "api", id: "a41c fill orders.note", state: "running", rows: 1_204_500, batches: 2_409, note: null },
    ],
  };
}

/** Also with what a contract rollout may take away. */
export function migrationReport(): MigrationReport {
  const { migrations = [] } = hostPlan();
  return {
    environment: "local",
    release: "shop-0045",
    services: [
      {
        ...{ service: "api", tool: "alembic", position: 43, safe: false, tested: true },
        evidence: "2 migrations ran on a scratch database in 1.2 s",
      },
      { service: "worker", tool: "sql", position: 0, safe: true, tested: false, evidence: "nothing is pending" },
    ],
    migrations,
    backfills: [{ service: "api", id: "b002 fill totals", state: "pending", rows: 0, batches: 0, note: null }],
    recorded: true,
  };
}
