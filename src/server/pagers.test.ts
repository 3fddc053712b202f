import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse, HOOK_SECRET } from "./testing.ts";

const house = createFakeHouse();
let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ usecases: house.usecases, port: 0, version: "1", token: "s3cret-token" });
});
afterAll(() => server.close());
beforeEach(() => void house.calls.splice(0));

const acknowledged = () => house.calls.filter(([name]) => name === "pagerAcknowledge");

async function send(channel: string, payload: unknown, headers: Record<string, string>) {
  const response = await fetch(`${server.url}/hooks/pager/${channel}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(payload),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const signed = (payload: unknown, secret = HOOK_SECRET) => ({
  "x-pagerduty-signature": `v1=${"0".repeat(64)},v1=${createHmac("sha256", secret).update(JSON.stringify(payload)).digest("hex")}`,
});
const pagerduty = (event_type: string, incident_key = "key-1") => ({
  event: {
    id: "E1",
    event_type,
    agent: { summary: "Ada <b>" },
    data: { id: "P1", incident_key, status: "acknowledged" },
  },
});

test("an acknowledgement at PagerDuty counts here, in the name of who gave it; nothing else does", async () => {
  const taken = pagerduty("incident.acknowledged");
  expect(await send("page", taken, signed(taken))).toEqual({ status: 202, body: { acknowledges: true } });
  expect(acknowledged()).toEqual([["pagerAcknowledge", "key-1", "Ada b"]]);
  const unknown = pagerduty("incident.acknowledged", "key-2");
  expect((await send("page", unknown, signed(unknown))).body).toEqual({ acknowledges: false });
  const ended = pagerduty("incident.resolved");
  expect((await send("page", ended, signed(ended))).body).toEqual({ acknowledges: false });
});

test("who does not know the secret is not heard, nor is a channel that is no pager", async () => {
  const taken = pagerduty("incident.acknowledged");
  for (const headers of [{}, signed(taken, "another-secret"), { "x-pagerduty-signature": "v1=" }])
    expect(await send("page", taken, headers)).toMatchObject({ body: { error: { code: "SM-HOOK-SIGNATURE" } } });
  expect(await send("genie", {}, { authorization: "Bearer wrong" })).toMatchObject({
    body: { error: { code: "SM-HOOK-SIGNATURE" } },
  });
  expect(await send("ops", taken, signed(taken))).toMatchObject({ body: { error: { code: "SM-HOOK-UNKNOWN" } } });
  expect(acknowledged()).toEqual([]);
});

test("Opsgenie proves itself with a bearer token", async () => {
  const payload = { action: "Acknowledge", alert: { alias: "key-1", username: "ada@example.com" } };
  const headers = { authorization: `Bearer ${HOOK_SECRET}` };
  expect((await send("genie", payload, headers)).body).toEqual({ acknowledges: true });
  expect(acknowledged()).toEqual([["pagerAcknowledge", "key-1", "ada@example.com"]]);
  expect((await send("genie", { ...payload, action: "Close" }, headers)).body).toEqual({ acknowledges: false });
  expect(await send("genie", { action: 1 }, headers)).toMatchObject({ status: 400 });
});

test("strangers are refused soon, and use up nothing of those who know the secret", async () => {
  const taken = pagerduty("incident.acknowledged");
  const guess = () => send("page", taken, signed(taken, "another-secret"));
  const guesses = await Promise.all(Array.from({ length: 90 }, guess));
  expect(guesses.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(50);
  expect(guesses.find(({ status }) => status !== 401)).toMatchObject({
    status: 429,
    body: { error: { code: "SM-HOOK-RATE" } },
  });
  const known = await Promise.all(Array.from({ length: 90 }, () => send("page", taken, signed(taken))));
  expect(new Set(known.map(({ status }) => status))).toEqual(new Set([202]));
  expect((await guess()).status).toBe(429);
  expect(acknowledged()).toHaveLength(90);
});
