import { afterEach, beforeEach, expect, test } from "vitest";
import { newThread } from "../channel.ts";
import { type Double, startDouble } from "../double.ts";
import { testMessage } from "../testing.ts";
import { opsgenieChannel } from "./channel.ts";

const never = new AbortController().signal;
const alerts = new Map<string, string>();
let api: Double;

/** The alert API, with the limits that are documented. */
beforeEach(async () => {
  alerts.clear();
  api = await startDouble(({ method, path, query, headers, body }) => {
    if (headers.authorization !== "GenieKey g-1") return { status: 403, body: { message: "Key format is not valid!" } };
    if (method !== "POST") return { status: 405 };
    const [, alias, verb] = /^\/v2\/alerts\/([^/]+)\/(acknowledge|close)$/.exec(path) ?? [];
    if (verb !== undefined && alias !== undefined) {
      if (query.get("identifierType") !== "alias") return { status: 422 };
      alerts.set(decodeURIComponent(alias), verb);
      return { status: 202 };
    }
    if (path !== "/v2/alerts" || !body.message || body.message.length > 130 || body.alias.length > 512)
      return { status: 422 };
    if (body.description.length > 15_000 || !/^P[1-5]$/.test(body.priority)) return { status: 422 };
    alerts.set(body.alias, `open ${body.priority}`);
    return { status: 202, body: { requestId: "1" } };
  });
});
afterEach(() => api.stop());

const send = (message: ReturnType<typeof testMessage>, key = "g-1") =>
  opsgenieChannel({ url: `${api.url}/`, key }).send(message, never, newThread());

test("one alert is opened, acknowledged and closed by its alias", async () => {
  const message = testMessage();
  await send({ ...message, incident: { ...message.incident, key: "a/b" } });
  expect(alerts).toEqual(new Map([["a/b", "open P1"]]));
  await send({ ...message, kind: "acknowledged", incident: { ...message.incident, key: "a/b" } });
  expect(alerts.get("a/b")).toBe("acknowledge");
  await send({ ...message, kind: "resolved", incident: { ...message.incident, key: "a/b" } });
  expect(alerts).toEqual(new Map([["a/b", "close"]]));
});

test("a long message fits; a wrong key is refused for good", async () => {
  const message = testMessage();
  await send({ ...message, text: "x".repeat(20_000), incident: { ...message.incident, symptom: "y".repeat(500) } });
  expect(alerts.size).toBe(1);
  await expect(send(message, "wrong")).rejects.toMatchObject({ retryable: false, status: 403 });
});
