import { afterAll, beforeAll, expect, test } from "vitest";
import type { SilenceRequest } from "../contract/silence.ts";
import { systemClock } from "../core/clock.ts";
import { createSilences } from "../incidents/silences/silences.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import type { Engine } from "./engine.ts";
import { silenceUseCases } from "./silences.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const HOUR = 3_600_000;
const WELL = { critical: true, verdict: "UP" as const };
const CHECKS = [
  { id: "local/web/health", service: "web", type: "http" as const, ...WELL },
  { id: "local/check/login", service: "web", type: "http" as const, ...WELL },
  { id: "local/api/health@h1", service: "api", type: "http" as const, ...WELL },
];
const audited: { actor: string; action: string }[] = [];

function doors() {
  const manifest = { project: "shop", services: { web: {}, api: {}, mail: {} }, environments: { local: {} } };
  const engine = {
    ...{ store, manifest, environment: "local", clock: systemClock, bus: { emit: () => {} } },
    audit: async (entry: { actor: string; action: string }) => void audited.push(entry),
  } as unknown as Engine;
  const silences = createSilences({
    ...{ store, app: "shop", environment: "local", clock: systemClock },
    windows: () => ({ disks: { cron: "0 2 * * 0", duration: HOUR, zone: "UTC", service: "api" } }),
    serviceOf: () => "web",
    report: () => {},
  });
  return silenceUseCases(engine, { watch: { verdicts: () => CHECKS }, silences });
}

function inHours(hours: number): string {
  return new Date(Date.now() + hours * HOUR).toISOString();
}

function request(change: Partial<SilenceRequest> = {}): SilenceRequest {
  return {
    matcher: { service: "web" },
    reason: "new disks",
    until: new Date(Date.now() + HOUR).toISOString(),
    ...change,
  };
}

test("a silence names the checks it is about, is listed beside the windows of the manifest, and ends once", async () => {
  const { silence, warnings } = await doors().addSilence(request(), "alice");
  expect(silence).toMatchObject({ author: "alice", active: true, checks: ["local/web/health", "local/check/login"] });
  expect(warnings).toEqual([]);
  expect((await doors().silences()).map(({ id }) => id)).toEqual(["maintenance.disks", silence.id]);
  expect(await doors().endSilence(silence.id, "bob")).toMatchObject({ id: silence.id, active: false });
  await expect(doors().endSilence(silence.id, "bob")).rejects.toMatchObject({ code: "SM-SILENCE-UNKNOWN" });
  expect(audited).toMatchObject([
    { actor: "alice", action: "silence.added" },
    { actor: "bob", action: "silence.ended" },
  ]);
});

test("a preview silences nothing; what is over is listed when it is asked for", async () => {
  const before = await doors().silences({ past: true });
  const { silence } = await doors().previewSilence(request({ matcher: { service: "api" } }));
  expect(silence).toMatchObject({ checks: ["local/api/health@h1"], active: true });
  expect(await doors().silences({ past: true })).toHaveLength(before.length);
  const added = await doors().addSilence(request({ reason: "short" }), "alice");
  await doors().endSilence(added.silence.id, "alice");
  const all = await doors().silences({ past: true });
  expect(all.find(({ id }) => id === added.silence.id)).toMatchObject({
    active: false,
    endedAt: expect.stringMatching(/Z$/),
  });
  expect((await doors().silences()).map(({ id }) => id)).not.toContain(added.silence.id);
});

test("a recurring one says when it holds next, as long as it stands then", async () => {
  const recurrence = { cron: "0 * * * *", durationMs: 60_000, zone: "UTC" };
  const { silence } = await doors().previewSilence(request({ recurrence, until: inHours(2) }));
  expect(new Date(silence.nextAt ?? 0).getUTCMinutes()).toBe(0);
  const yearly = { ...recurrence, cron: "0 0 1 1 *" };
  const far = await doors().previewSilence(request({ recurrence: yearly, from: inHours(1), until: inHours(1.5) }));
  const newYear = Date.UTC(new Date().getUTCFullYear() + 1, 0, 1);
  expect(far.silence.nextAt).toBe(newYear < Date.parse(inHours(1.5)) ? new Date(newYear).toISOString() : null);
});

test.each([
  ["local/web/health", "local/web/health"],
  ["web/health", "local/web/health"],
  ["login", "local/check/login"],
  ["api/health", "local/api/health"],
])("a check may be named %s", async (name, full) => {
  const { silence } = await doors().addSilence(request({ matcher: { check: name } }), "alice");
  expect(silence.matcher).toEqual({ check: full });
  expect(silence.checks).toHaveLength(1);
});

test.each([
  [{ check: "web/helth" }, 'did you mean "web/health"?'],
  [{ service: "wbe" }, 'did you mean "web"?'],
  [{ environment: "production" }, "silence it there: --env production"],
])("the name in %j is refused, with the nearest there is", async (matcher, next) => {
  await expect(doors().addSilence(request({ matcher }), "alice")).rejects.toMatchObject({
    ...{ code: "SM-SILENCE-NAME", next },
  });
});

test("one that is about no check now is taken, with a warning", async () => {
  const { warnings } = await doors().addSilence(request({ matcher: { service: "mail" } }), "alice");
  expect(warnings).toEqual(["it is about no check that there is now"]);
});

test.each([
  [{ until: new Date(Date.now() - HOUR).toISOString() }, "SM-SILENCE-TIME"],
  [{ until: new Date(Date.now() + 31 * 24 * HOUR).toISOString() }, "SM-SILENCE-TIME"],
  [{ from: new Date(Date.now() + 2 * HOUR).toISOString() }, "SM-SILENCE-TIME"],
  [{ recurrence: { cron: "every day", durationMs: HOUR, zone: "UTC" } }, "SM-SILENCE-CRON"],
  [{ recurrence: { cron: "0 2 * * *", durationMs: HOUR, zone: "Mars/Base" } }, "SM-SILENCE-CRON"],
])("%j is refused", async (change, code) => {
  await expect(doors().addSilence(request(change), "alice")).rejects.toMatchObject({ code });
});

test("a zone that is none is told in words of our own", async () => {
  const recurrence = { cron: "0 2 * * *", durationMs: HOUR, zone: "Europe/Pari" };
  await expect(doors().addSilence(request({ recurrence }), "alice")).rejects.toMatchObject({
    message: 'the cron line or the zone cannot be used: there is no time zone "Europe/Pari"; one is Europe/Paris',
  });
});
