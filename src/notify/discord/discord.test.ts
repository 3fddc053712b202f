import { afterEach, beforeEach, expect, test } from "vitest";
import { newThread } from "../channel.ts";
import { type Double, startDouble } from "../double.ts";
import { testMessage } from "../testing.ts";
import { discordChannel } from "./channel.ts";

const never = new AbortController().signal;
const posted = new Map<string, string>();
let api: Double;

/** A webhook with its messages, as documented. */
beforeEach(async () => {
  posted.clear();
  api = await startDouble(({ method, path, query, body }) => {
    const [, id] = /^\/api\/webhooks\/1\/t0ken(?:\/messages\/(\w+))?$/.exec(path) ?? [path];
    if (!path.startsWith("/api/webhooks/1/t0ken")) return { status: 401 };
    if (!body.content || body.content.length > 2_000) return { status: 400 };
    if (JSON.stringify(body.allowed_mentions) !== '{"parse":[]}') return { status: 400 };
    if (method === "PATCH" && id !== undefined) {
      if (!posted.has(id)) return { status: 404, body: { code: 10_008 } };
      posted.set(id, body.content);
      return { status: 200, body: { id } };
    }
    const next = `m${posted.size + 1}`;
    posted.set(next, body.content);
    return query.get("wait") === "true" ? { status: 200, body: { id: next } } : { status: 204 };
  });
});
afterEach(() => api.stop());

const open = () => discordChannel({ webhook: `${api.url}/api/webhooks/1/t0ken` });

test("one message an incident is edited as it goes on; a call is a message of its own", async () => {
  const thread = newThread();
  await open().send(testMessage(), never, thread);
  await open().send(testMessage({ event: 2, kind: "acknowledged" }), never, thread);
  expect([...posted.keys()]).toEqual(["m1"]);
  await open().send(testMessage({ event: 3, kind: "escalated" }), never, thread);
  await open().send(testMessage({ event: 4, kind: "proposal" }), never, thread);
  expect([...posted.keys()]).toEqual(["m1", "m2", "m3"]);
});

test("where somebody deleted the message, a new one takes its place", async () => {
  const thread = newThread();
  await open().send(testMessage(), never, thread);
  posted.clear();
  posted.set("of somebody else", "");
  await open().send(testMessage({ event: 2, kind: "acknowledged" }), never, thread);
  await open().send(testMessage({ event: 3, kind: "resolved" }), never, thread);
  expect([...posted.keys()]).toEqual(["of somebody else", "m2"]);
});

test("what others wrote calls nobody, and a long message is cut", async () => {
  await open().send({ ...testMessage(), text: `@everyone **${"x".repeat(4_000)}` }, never, newThread());
  expect(posted.get("m1")).toContain("\\@everyone \\*\\*xxx");
  expect(posted.get("m1")).toHaveLength(2_000);
});

test("the token in the path is never told", async () => {
  const wrong = discordChannel({ webhook: `${api.url}/api/webhooks/1/wr0ng` });
  const failure = await wrong.send(testMessage(), never, newThread()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ retryable: false, status: 401 });
  expect(String(failure)).not.toContain("wr0ng");
});

test.each(["<html>Sign in to the network</html>", "null", "[]"])(
  "after the answer %j nobody knows whether it was posted: it is said in words, and not sent twice",
  async (text) => {
    api.faults.push({ status: 200, text });
    await expect(open().send(testMessage(), never, newThread())).rejects.toMatchObject({
      message: expect.stringContaining("nobody knows whether it was posted"),
      ...{ retryable: false, isRefused: true },
    });
  },
);

test("an answer that does not say where it was posted is one: the next message is a new one", async () => {
  const thread = newThread();
  for (const fault of [
    { status: 204, text: "" },
    { status: 200, body: {} },
  ]) {
    api.faults.push(fault);
    await open().send(testMessage(), never, thread);
    expect(await thread.ref()).toBeUndefined();
  }
  await open().send(testMessage({ event: 2, kind: "acknowledged" }), never, thread);
  expect([...posted.keys()]).toEqual(["m1"]);
});
