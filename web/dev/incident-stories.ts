import type { HealingPlan } from "../../src/contract/healing.ts";
import type { Incident } from "../../src/contract/incident.ts";
import type { Notification } from "../../src/contract/notification.ts";
import { before } from "./fixtures.ts";

const MINUTE = 60_000;

/** Times of an incident that goes on. */
function times(onset: number, detected: number): NonNullable<Incident["times"]> {
  return {
    ...{ onset: before(onset), detected: before(detected) },
    ...{ acknowledged: null, mitigated: null, resolved: null, closed: null },
  };
}

/** Messages of an incident: one delivered, one that did not get there, one that waits. */
export function told(incident: string): Notification[] {
  const about = { incident, service: "web", severity: "SEV2" } as const;
  const base = { ...about, attempts: 1, error: null, toldWith: null, nextAt: null } as const;
  const text = "web answers too slowly";
  return [
    {
      ...{ ...base, id: 1, event: 2, kind: "opened", channel: "page", text, state: "delivered" },
      ...{ createdAt: before(4 * MINUTE), deliveredAt: before(3.9 * MINUTE) },
    },
    {
      ...{ ...base, id: 2, event: 2, kind: "opened", channel: "phone", text, state: "dead", attempts: 1 },
      ...{ createdAt: before(4 * MINUTE), deliveredAt: null, error: "the key was refused (403)" },
    },
    {
      ...{ ...base, id: 3, event: 5, kind: "update", channel: "ops-mail", text, state: "pending", attempts: 2 },
      ...{ createdAt: before(2 * MINUTE), deliveredAt: null, error: "451 try again later", nextAt: before(-MINUTE) },
    },
  ];
}

/** What healing would do next; the plan of `inc-8` waits for a person. */
export function planFor({ id, service, actions }: Incident): HealingPlan {
  const proposed = actions.some(({ outcome }) => outcome === "proposed");
  const running = actions.some(({ outcome }) => outcome === "running");
  return {
    ...{ incident: id, service, mode: "propose", phase: proposed ? "proposed" : running ? "verifying" : "waiting" },
    underWay: running ? `restart of ${service} (2 of 2)` : null,
    next: running
      ? { remedy: "redeploy", step: 4, rung: 3, name: "return to shop-0042", evidence: `${id}#2`, graceMs: 60_000 }
      : {
          remedy: "restart",
          step: 2,
          rung: 1,
          name: `restart of ${service} (1 of 2)`,
          evidence: `${id}#2`,
          graceMs: 60_000,
        },
    after: running ? [] : ["restart", "redeploy"],
    refused: [{ remedy: "clear-sessions", reason: "not an auth symptom" }],
    veto: proposed ? null : { rule: "deploying", reason: "a deployment is in progress" },
    stopped: null,
    well: false,
    notBefore: null,
    validUntil: proposed ? before(-28 * MINUTE) : null,
    left: { restarts: 1, actionsThisHour: 3, actionsToday: 9 },
  };
}

export function incidents(): Incident[] {
  const logs = Array.from(
    { length: 30 },
    (_, index) => `${before((40 - index) * 1_000)} info request ${index} GET /products 200 ${3 + (index % 5)} ms`,
  );
  logs[29] = `${before(10_000)} fatal <script>alert(1)</script> out of memory`;
  const base = {
    notifications: [] as Incident["notifications"],
    environment: "local",
    occurrence: 1,
    failedChecks: ["web.health"],
    evidence: {
      logs,
      metrics: {
        replicas_running: 0,
        replicas: 1,
        last_exit: "SIGKILL",
        cpu_percent: 0,
        memory_mb: 0,
        requests: 18_204,
        errors_5xx: 3,
        inflight: 0,
      },
      changes: [{ at: before(5 * 60 * MINUTE), text: "shop-0043 deployed by alice" }],
      missing: ["container events"],
    },
  };
  return [
    {
      ...base,
      id: "inc-7",
      key: "5e0b7c",
      severity: "SEV2",
      state: "healing",
      service: "web",
      symptom: "answers too slowly",
      openedAt: before(4 * MINUTE),
      detectedAt: before(4 * MINUTE),
      resolvedAt: null,
      acknowledged: false,
      escalated: false,
      restartsLeft: 1,
      cause: `deployment of shop-0043 by alice (${before(9 * MINUTE).slice(0, 19)}Z)`,
      times: times(4.4 * MINUTE, 4 * MINUTE),
      notifications: told("inc-7"),
      actions: [
        { remedy: "clear-sessions", at: before(3.5 * MINUTE), outcome: "skipped", detail: "not an auth symptom" },
        { remedy: "restart", at: before(3 * MINUTE), outcome: "failed", detail: "3 OK in 60 s not reached" },
        { remedy: "restart", at: before(MINUTE), outcome: "running", detail: null },
      ],
      timeline: [
        { seq: 1, at: before(4.2 * MINUTE), kind: "suspect", text: "web.health was slow once", data: {} },
        {
          seq: 2,
          at: before(4 * MINUTE),
          kind: "opened",
          text: "3 of 3 re-checks were slow",
          data: { class: "slow", p95: 612 },
        },
        { seq: 3, at: before(3.9 * MINUTE), kind: "evidence", text: "30 log lines, 4 metrics, 1 change", data: {} },
        { seq: 4, at: before(3 * MINUTE), kind: "action", text: "restart web (first of two)", data: { ticket: 1 } },
        { seq: 5, at: before(2 * MINUTE), kind: "acted", text: "restart did not hold", data: {} },
      ],
    },
    {
      ...base,
      id: "inc-8",
      key: "90cc12",
      severity: "SEV3",
      state: "open",
      service: "worker",
      symptom: "crash loop",
      openedAt: before(2 * MINUTE),
      detectedAt: before(2 * MINUTE),
      resolvedAt: null,
      acknowledged: false,
      escalated: false,
      restartsLeft: 2,
      times: times(2.5 * MINUTE, 2 * MINUTE),
      failedChecks: ["worker.process"],
      runbooks: ["https://wiki.example.com/worker"],
      actions: [{ remedy: "restart", at: before(MINUTE), outcome: "proposed", detail: "restart, then restart" }],
      timeline: [{ seq: 1, at: before(2 * MINUTE), kind: "opened", text: "worker crash loop", data: {} }],
    },
    {
      ...base,
      id: "inc-9",
      key: "11d0aa",
      severity: "SEV1",
      state: "open",
      service: "host h2",
      symptom: "3 services fail together",
      openedAt: before(20 * MINUTE),
      detectedAt: before(20 * MINUTE),
      resolvedAt: null,
      acknowledged: true,
      escalated: true,
      flags: ["acknowledged", "escalated", "flapping", "suppressed"],
      acknowledgement: { actor: "cli:dana", note: null, until: before(-10 * MINUTE) },
      suppressedBy: ["sil-2"],
      restartsLeft: null,
      times: { ...times(21 * MINUTE, 20 * MINUTE), acknowledged: before(18 * MINUTE) },
      failedChecks: [],
      evidence: null,
      storm: {
        cause: "all run on h2",
        members: [
          { id: "inc-7", service: "web", symptom: "answers too slowly", state: "healing" },
          { id: "inc-8", service: "worker", symptom: "crash loop", state: "open" },
          { id: "inc-4", service: "mail", symptom: "connection refused", state: "closed" },
        ],
      },
      actions: [],
      timeline: [
        { seq: 1, at: before(20 * MINUTE), kind: "opened", text: "web, worker and mail fail with it", data: {} },
      ],
    },
    {
      ...base,
      id: "inc-5",
      key: "a771d2",
      severity: "SEV2",
      state: "review",
      service: "api",
      symptom: "answers 500",
      openedAt: before(9 * 60 * MINUTE),
      detectedAt: before(9 * 60 * MINUTE),
      resolvedAt: before(8 * 60 * MINUTE),
      acknowledged: false,
      escalated: false,
      flags: ["recurring"],
      restartsLeft: 2,
      previous: "inc-4",
      times: { ...times(9.1 * 60 * MINUTE, 9 * 60 * MINUTE), mitigated: before(8.2 * 60 * MINUTE) },
      failedChecks: [],
      actions: [],
      timeline: [{ seq: 1, at: before(9 * 60 * MINUTE), kind: "opened", text: "3 of 3 answered 500", data: {} }],
    },
    {
      ...base,
      id: "inc-6",
      key: "a771d2",
      severity: "SEV1",
      state: "resolved",
      service: "api",
      symptom: "process gone",
      openedAt: before(5 * 60 * MINUTE),
      detectedAt: before(5 * 60 * MINUTE),
      resolvedAt: before(5 * 60 * MINUTE - 9_400),
      acknowledged: true,
      escalated: false,
      restartsLeft: 2,
      failedChecks: ["api.health", "api.login"],
      actions: [
        { remedy: "restart", at: before(5 * 60 * MINUTE - 3_000), outcome: "succeeded", detail: "healthy after 2.1 s" },
      ],
      timeline: [
        { seq: 1, at: before(5 * 60 * MINUTE), kind: "opened", text: "connection refused", data: {} },
        { seq: 2, at: before(5 * 60 * MINUTE - 9_400), kind: "resolved", text: "15 minutes quiet", data: {} },
      ],
    },
  ];
}
