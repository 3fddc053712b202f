import type { Calling } from "../../src/contract/notification.ts";
import type { Silence } from "../../src/contract/silence.ts";
import { before } from "./fixtures.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export function silences(): Silence[] {
  const base = { kind: "silence", environment: "local", author: "cli:dana", recurrence: null, active: false } as const;
  return [
    {
      ...{ ...base, id: "maintenance.vacuum", kind: "maintenance", author: null, from: null, until: null },
      ...{ matcher: { service: "api" }, reason: "vacuum", checks: ["api.health", "api.login"] },
      recurrence: { cron: "0 2 * * 0", durationMs: 2 * HOUR, zone: "Europe/Paris" },
      nextAt: before(-3 * DAY),
    },
    {
      ...{ ...base, id: "sil-2", active: true, from: before(HOUR), until: before(-2 * HOUR), checks: ["web.health"] },
      ...{ matcher: { check: "web.health", severity: "SEV3" }, reason: "the known leak, see PR 41" },
    },
    {
      ...{ ...base, id: "sil-3", from: before(-DAY), until: before(-2 * DAY), checks: ["worker.process"] },
      ...{ matcher: { service: "worker" }, reason: "the host is replaced" },
    },
    {
      ...{ ...base, id: "sil-1", from: before(3 * DAY), until: before(2 * DAY), endedAt: before(2.5 * DAY) },
      ...{ matcher: {}, reason: "the move to the new network", checks: ["api.health"] },
    },
  ];
}

export function calling(): Calling {
  const none = {
    delivered: 0,
    dead: 0,
    skipped: 0,
    waiting: 0,
    lastSuccessAt: null,
    lastError: null,
    lastTest: null,
    oldestWaitingAt: null,
  };
  return {
    channels: [
      { ...none, name: "page", kind: "pagerduty", delivered: 1_204, lastSuccessAt: before(4 * 60_000) },
      {
        ...none,
        name: "phone",
        kind: "opsgenie",
        delivered: 12,
        dead: 1,
        lastSuccessAt: before(40 * DAY),
        lastError: "the key was refused (403)",
        lastTest: { at: before(20 * 60_000), accepted: false },
      },
      {
        ...none,
        name: "ops-mail",
        kind: "email",
        waiting: 1,
        lastError: "451 try again later",
        oldestWaitingAt: before(2 * 60_000),
      },
      { ...none, name: "hook", kind: "webhook", lastTest: { at: before(DAY), accepted: true } },
    ],
    escalation: [
      {
        severity: "SEV1",
        levels: [
          { to: ["page", "ops-mail"], afterMs: 0 },
          { to: ["phone"], afterMs: 300_000 },
          { to: ["hook"], afterMs: 900_000 },
        ],
        hours: null,
      },
      { severity: "SEV2", levels: [{ to: ["page"], afterMs: 0 }], hours: "Mon-Fri 09:00-18:00 Europe/Paris" },
      { severity: "SEV3", levels: [{ to: [], afterMs: 0 }], hours: null },
    ],
  };
}
