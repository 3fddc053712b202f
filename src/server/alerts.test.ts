import { expect, test } from "vitest";
import { startServer } from "./index.ts";
import { createFakeHouse, HOOK_SECRET } from "./testing.ts";

const ALERT = {
  ...{ status: "firing", labels: { alertname: "A" }, annotations: {}, fingerprint: "ab12" },
  ...{ startsAt: "2026-03-01T10:00:00.5+01:00", endsAt: "0001-01-01T00:00:00Z", generatorURL: "http://x" },
};
const GOOD = { version: "4", groupKey: "{}", status: "firing", receiver: "s", alerts: [ALERT] };
const right = `Bearer ${HOOK_SECRET}`;

test.each([
  ["the right secret", right, GOOD, 200],
  ["another secret", "Bearer nope", GOOD, 401],
  ["no secret", "", GOOD, 401],
  ["another version", right, { ...GOOD, version: "3" }, 400],
  ["an alert without labels", right, { ...GOOD, alerts: [{ ...ALERT, labels: undefined }] }, 400],
  ["a fingerprint that is a path", right, { ...GOOD, alerts: [{ ...ALERT, fingerprint: "../x" }] }, 400],
  ["no object", right, [], 400],
  ["too much", right, { ...GOOD, more: "x".repeat(1024 * 1024) }, 413],
])("alerts with %s", async (_what, authorization, body, status) => {
  const house = createFakeHouse();
  const server = await startServer({ usecases: house.usecases, port: 0, version: "1", token: "of-the-api" });
  const response = await fetch(`${server.url}/hooks/alertmanager`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  await server.close();
  expect({ status: response.status, answer }).toMatchObject({ status });
  expect(house.calls).toHaveLength(status === 200 ? 1 : 0);
  expect(answer).not.toContain(HOOK_SECRET);
});

test("where no alerts are expected there is no door, and other hooks do not use up its calls", async () => {
  const house = createFakeHouse();
  const server = await startServer({ usecases: house.usecases, port: 0, version: "1" });
  const send = (path: string, authorization: string) =>
    fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body: JSON.stringify(GOOD),
    }).then(({ status }) => status);
  const others = await Promise.all(Array.from({ length: 80 }, () => send("/hooks/github", "")));
  expect(others).toContain(429);
  expect(await send("/hooks/alertmanager", right)).toBe(200);
  house.usecases.alertHook = async () => undefined;
  expect(await send("/hooks/alertmanager", right)).toBe(404);
  await server.close();
});
