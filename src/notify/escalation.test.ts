import { expect, test } from "vitest";
import { callsFor, type Standing } from "./escalation.ts";
import type { Escalate } from "./routing.ts";
import { testMessage } from "./testing.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-03-01T12:00:00Z"); // a Sunday
const channels = ["page", "boss", "all"];
const levels = [
  { to: ["page"], after: 0 },
  { to: ["boss"], after: 5 * MINUTE },
  { to: ["all"], after: 15 * MINUTE },
];
const escalate: Escalate = { SEV1: { levels }, SEV2: { levels, hours: "Mon-Fri 09:00-18:00 Europe/Paris" } };
const remindedAt = [30, 120, 1_440].map((minute) => `${minute} reminder page`);
type Incident = Partial<ReturnType<typeof testMessage>["incident"]>;

/** Asks every 10 s from the start on; answers when who was called. */
function play(
  minutes: number,
  at: (minute: number) => Incident = () => ({}),
  { standing, policy = escalate }: { standing?: Standing; policy?: Escalate } = {},
) {
  const calls: string[] = [];
  let now = standing;
  for (let ms = 0; ms <= minutes * MINUTE; ms += 10_000) {
    const base = testMessage();
    const message = { ...base, incident: { ...base.incident, ...at(ms / MINUTE) } };
    const next = callsFor(now, { message, escalate: policy, channels, now: START + ms });
    for (const call of next.calls) calls.push(`${ms / MINUTE} ${call.kind} ${call.channels.join("+")}`);
    now = next.standing;
  }
  return { calls, standing: now };
}

test("nobody acknowledges: the next level after 5 and 15 min, then reminders after 30 min, 2 h and daily", () => {
  expect(play(60 * 50).calls).toEqual([
    ...["5 escalated boss", "15 escalated all", "30 reminder page+boss+all", "120 reminder page+boss+all"],
    ...["1440 reminder page+boss+all", "2880 reminder page+boss+all"],
  ]);
});

test.each<[Incident["severity"], string[]]>([
  ["SEV1", ["5 escalated page", "15 escalated page", ...remindedAt]],
  ["SEV2", ["15 escalated page", ...remindedAt]],
  ["SEV3", ["1440 reminder page"]],
])("a policy of one level calls it again: %s", (severity = "SEV1", calls) => {
  const policy = { [severity]: { levels: [{ to: ["page"], after: 0 }] } };
  expect(play(60 * 24, () => ({ severity, critical: true }), { policy }).calls).toEqual(calls);
});

test("so does no policy, with all channels, once where several times have passed, and SEV3 then calls nobody", () => {
  const all = "page+boss+all";
  const acknowledged = (minute: number) => ({ acknowledged: minute < 20 });
  expect(play(40, acknowledged, { policy: {} }).calls).toEqual([`20 escalated ${all}`, `30 reminder ${all}`]);
  expect(
    play(1_500, () => ({ severity: "SEV3" }), { policy: {} }).calls.filter((call) => call.includes("page")),
  ).toEqual([]);
});

test("an acknowledgement holds the calls back, its expiry lets them go on", () => {
  expect(play(60, (minute) => ({ acknowledged: minute > 1 && minute < 32 })).calls).toEqual([
    ...["32 escalated boss", "32 escalated all"],
  ]);
});

test("a recovery ends them, and a failure again begins them anew", () => {
  const state = (minute: number) => (minute > 4 && minute < 10 ? "monitoring" : "open");
  expect(play(16, (minute) => ({ state: state(minute) })).calls).toEqual(["15 escalated boss"]);
});

test("while it fails and passes in turn its levels go on", () => {
  const state = (minute: number) => (Math.floor(minute / 2) % 2 === 0 ? "open" : "monitoring");
  const { calls } = play(16, (minute) => ({ state: state(minute), flapping: true }));
  expect(calls).toEqual(["5 escalated boss", "16 escalated all"]);
});

test("a rise of the severity begins the levels of the new one", () => {
  const rise = play(20, (minute) => ({ severity: minute < 8 ? "SEV2" : "SEV1", critical: true }));
  expect(rise.calls).toEqual(["5 escalated boss", "13 escalated boss"]);
  expect(rise.standing).toMatchObject({ severity: "SEV1", level: 1 });
});

test("what is not critical calls in its hours only, and levels count from there", () => {
  const { standing, calls } = play(60, () => ({ severity: "SEV2", critical: false }));
  expect(calls).toEqual([]);
  expect(new Date(standing?.since ?? 0).toISOString()).toBe("2026-03-02T08:00:00.000Z");
});

test("after a time without a daemon what is due comes once", () => {
  const before: Standing = { severity: "SEV1", since: START - 300 * MINUTE, level: 2, reminders: 0 };
  const { calls, standing } = play(1, () => ({}), { standing: before });
  expect(calls).toEqual(["0 reminder page+boss+all"]);
  expect(standing).toMatchObject({ reminders: 2 });
});

test("what becomes critical while its first call waits for its hours calls at once, and levels count from there", () => {
  const at = (minute: number): Incident => ({ severity: "SEV2", critical: minute >= 3 });
  expect(play(10, at).calls).toEqual(["3 escalated page", "8 escalated boss"]);
});
