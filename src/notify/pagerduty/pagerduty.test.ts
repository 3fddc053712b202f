import { afterEach, beforeEach, expect, test } from "vitest";
import { newThread } from "../channel.ts";
import { type Double, startDouble } from "../double.ts";
import { testMessage } from "../testing.ts";
import { pagerdutyChannel } from "./channel.ts";

const never = new AbortController().signal;
const alerts = new Map<string, string>();
let api: Double;

/** Events API v2, with the limits that are documented. */
beforeEach(async () => {
  alerts.clear();
  api = await startDouble(({ method, path, body }) => {
    const { routing_key, event_action, dedup_key, payload } = body;
    const bad = (error: string) => ({ status: 400, body: { status: "invalid event", errors: [error] } });
    if (method !== "POST" || path !== "/v2/enqueue") return { status: 404 };
    if (routing_key !== "k".repeat(32)) return bad("routing_key is wrong");
    if (typeof dedup_key !== "string" || dedup_key.length > 255) return bad("dedup_key");
    if (event_action === "trigger") {
      if (!payload?.summary || payload.summary.length > 1_024 || !payload.source) return bad("payload");
      if (!["critical", "error", "warning", "info"].includes(payload.severity)) return bad("severity");
    } else if (!["acknowledge", "resolve"].includes(event_action)) return bad("event_action");
    alerts.set(dedup_key, event_action);
    return { status: 202, body: { status: "success", dedup_key } };
  });
});
afterEach(() => api.stop());

const open = () => pagerdutyChannel({ key: "k".repeat(32), url: `${api.url}/v2/enqueue` });
const send = (message: ReturnType<typeof testMessage>) => open().send(message, never, newThread());

test("one alert goes through trigger, acknowledge and resolve; what calls nobody is not sent", async () => {
  await send(testMessage());
  await send(testMessage({ event: 2, kind: "severity" }));
  expect(alerts).toEqual(new Map([["k", "trigger"]]));
  await send(testMessage({ event: 3, kind: "acknowledged" }));
  expect(alerts.get("k")).toBe("acknowledge");
  await send(testMessage({ event: 4, kind: "recovering" }));
  await send(testMessage({ event: 5, kind: "report" }));
  expect(api.asked).toHaveLength(3);
  await send(testMessage({ event: 5, kind: "resolved" }));
  expect(alerts).toEqual(new Map([["k", "resolve"]]));
  expect(api.asked[0]?.body.payload).toMatchObject({ severity: "critical", source: "shop/staging/api" });
});

test("a test is resolved at once, and long texts and keys fit", async () => {
  const message = testMessage({ kind: "test" });
  await send({ ...message, text: "x".repeat(5_000), incident: { ...message.incident, id: "y".repeat(400) } });
  expect([...alerts.values()]).toEqual(["resolve"]);
});

test("what is wrong for good is told from what passes, and a wait is heard", async () => {
  api.faults.push({ status: 429, headers: { "retry-after": "7" } }, { status: 500 }, "reset");
  await expect(send(testMessage())).rejects.toMatchObject({ retryable: true, retryAfterMs: 7_000, isRefused: true });
  await expect(send(testMessage())).rejects.toMatchObject({ retryable: true, status: 500 });
  await expect(send(testMessage())).rejects.toMatchObject({ retryable: true, isRefused: false });
  const wrong = pagerdutyChannel({ key: "other", url: `${api.url}/v2/enqueue` });
  await expect(wrong.send(testMessage(), never, newThread())).rejects.toMatchObject({ retryable: false, status: 400 });
});

test("after an acknowledgement a further call ends the alert and begins a new one, which people hear of", async () => {
  const thread = newThread();
  const actions = async (...messages: ReturnType<typeof testMessage>[]) => {
    api.asked.splice(0);
    for (const message of messages) await open().send(message, never, thread);
    return api.asked.map(({ body }) => body.event_action);
  };
  await actions(testMessage(), testMessage({ event: 2, kind: "acknowledged" }));
  expect(await actions(testMessage({ event: 3, kind: "update" }))).toEqual([]);
  expect(await actions(testMessage({ event: 4, kind: "escalated" }))).toEqual(["resolve", "trigger"]);
  expect(await actions(testMessage({ event: 5, kind: "reminder" }))).toEqual(["trigger"]);
});
