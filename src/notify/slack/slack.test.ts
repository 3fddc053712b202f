import { createEmulator, type Emulator } from "emulate";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { newThread } from "../channel.ts";
import { type Double, startDouble } from "../double.ts";
import { testMessage } from "../testing.ts";
import { blocksOf } from "./blocks.ts";
import { slackChannel } from "./channel.ts";

const never = new AbortController().signal;
let slack: Emulator;
let channel: string;
let double: Double | undefined;
beforeAll(async () => {
  slack = await createEmulator({ service: "slack", port: 0 });
  const { channels } = await ask("conversations.list", {});
  channel = channels[0].id;
});
afterAll(() => slack.close());
afterEach(async () => {
  await double?.stop();
  double = undefined;
});

async function ask(method: string, body: object): Promise<ReturnType<typeof JSON.parse>> {
  const headers = { authorization: "Bearer test_token_admin", "content-type": "application/json" };
  const response = await fetch(`${slack.url}/api/${method}`, { method: "POST", headers, body: JSON.stringify(body) });
  return await response.json();
}
const open = (change: { token?: string; channel?: string } = {}) =>
  slackChannel({ token: "test_token_admin", channel, api: `${slack.url}/api`, ...change }, 0);

test("one message an incident is edited as it goes on, and what happens is said in its thread", async () => {
  const thread = newThread();
  await open().send(testMessage(), never, thread);
  const head = await thread.ref();
  await open().send(testMessage({ event: 2, kind: "acknowledged" }), never, thread);
  await open().send(testMessage({ event: 3, kind: "resolved" }), never, thread);
  const { messages } = await ask("conversations.replies", { channel, ts: head });
  expect(messages.map((item: { thread_ts?: string }) => item.thread_ts ?? head)).toEqual([head, head, head]);
  const inChannel = (await ask("conversations.history", { channel })).messages;
  expect(inChannel.filter((item: { ts: string }) => item.ts === head)).toHaveLength(1);
  await ask("chat.delete", { channel, ts: head });
  await open().send(testMessage({ event: 4, kind: "reopened" }), never, thread);
  expect(await thread.ref()).not.toBe(head);
});

test("markup of others is text, and long texts fit into the blocks", () => {
  const { text, blocks } = blocksOf({ ...testMessage(), text: `<!channel> a & b ${"x".repeat(5_000)}` });
  const [header, section] = blocks as { text: { text: string } }[];
  expect(section?.text.text).toContain("&lt;!channel&gt; a &amp; b");
  expect(section?.text.text.length).toBeLessThanOrEqual(3_000);
  expect(header?.text.text.length).toBeLessThanOrEqual(150);
  expect(text).not.toContain("<");
});

test("a report has its text below and no severity", () => {
  const { text, blocks } = blocksOf({ ...testMessage({ kind: "report" }), body: "## Audit\n- <!here>" });
  expect(text).toBe("staging/api: api process gone (report)");
  expect(JSON.stringify(blocks[1])).toContain("## Audit\\n- &lt;!here&gt;");
});

test("Slack refuses with status 200: what passes is told from what is wrong in the settings", async () => {
  await expect(open({ channel: "C404" }).send(testMessage(), never, newThread())).rejects.toMatchObject({
    message: "slack: refused: channel_not_found",
    retryable: false,
  });
  double = await startDouble(() => ({ status: 200, body: { ok: true, ts: "1.1" } }));
  const flaky = slackChannel({ token: "t", channel: "C1", api: double.url }, 0);
  double.faults.push(
    { status: 200, body: { ok: false, error: "internal_error" } },
    { status: 429, headers: { "retry-after": "30" } },
  );
  await expect(flaky.send(testMessage(), never, newThread())).rejects.toMatchObject({ retryable: true });
  await expect(flaky.send(testMessage(), never, newThread())).rejects.toMatchObject({ retryAfterMs: 30_000 });
  await flaky.send(testMessage(), never, newThread());
});

test.each(["<html>Sign in to the network</html>", "", "null", "[]", '{"ts":"1.1"}'])(
  "whoever answers 200 with %j is not Slack: it is said in words, and sent again",
  async (text) => {
    double = await startDouble(() => ({ status: 200, text }));
    const failure = slackChannel({ token: "t", channel: "C1", api: double.url }, 0).send(
      testMessage(),
      never,
      newThread(),
    );
    await expect(failure).rejects.toMatchObject({
      message: "slack: answered 200, but not as Slack does: something else took the message, and nobody got it",
      ...{ retryable: true, isRefused: true },
    });
  },
);

test("who gave up waiting for a turn takes none from those behind", async () => {
  double = await startDouble(() => ({ status: 200, body: "ok" }));
  const hook = slackChannel({ webhook: `${double.url}/services/T/B/x`, api: "" }, 3_000);
  await hook.send(testMessage(), never, newThread());
  const impatient = AbortSignal.timeout(50);
  const gaveUp = Array.from({ length: 20 }, () => hook.send(testMessage(), impatient, newThread()));
  const begun = performance.now();
  await Promise.all([
    ...gaveUp.map((one) => expect(one).rejects.toThrow()),
    hook.send(testMessage(), never, newThread()),
  ]);
  expect(performance.now() - begun).toBeLessThan(30_000);
  expect(double.asked).toHaveLength(2);
});

test("an incoming webhook gets single messages, about one a second", async () => {
  const times: number[] = [];
  double = await startDouble(({ body }) => {
    times.push(performance.now());
    return body.blocks && body.text ? { status: 200, body: "ok" } : { status: 400 };
  });
  const hook = slackChannel({ webhook: `${double.url}/services/T/B/x`, api: "" }, 300);
  await Promise.all([1, 2, 3].map((event) => hook.send(testMessage({ event }), never, newThread())));
  expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(500);
});
