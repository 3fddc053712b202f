import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { newThread } from "../channel.ts";
import { startReceiver, testMessage } from "../testing.ts";
import { webhookChannel } from "./channel.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const never = new AbortController().signal;
let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

async function receiver(...args: Parameters<typeof startReceiver>) {
  const started = await startReceiver(...args);
  stop = started.stop;
  return started;
}

test("the signature covers time and body, and the event number makes repeats recognisable", async () => {
  const { url, received, messages } = await receiver();
  await webhookChannel({ url, secret: "s3cret-key" }, { now: () => NOW }).send(
    testMessage({ event: 7 }),
    never,
    newThread(),
  );
  const [request] = received;
  expect(messages()).toEqual([testMessage({ event: 7 })]);
  expect(request?.headers["idempotency-key"]).toBe("inc-1:7");
  const [, time, digest] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request?.headers["x-stationmaster-signature"])) ?? [];
  expect(Number(time) * 1_000).toBe(NOW);
  expect(createHmac("sha256", "s3cret-key").update(`${time}.${request?.body}`).digest("hex")).toBe(digest);
});

test("without a secret there is no signature", async () => {
  const { url, received } = await receiver();
  await webhookChannel({ url }, { now: () => NOW }).send(testMessage(), never, newThread());
  expect(received[0]?.headers["x-stationmaster-signature"]).toBeUndefined();
});

test("only 2xx is accepted, and a redirect is not followed", async () => {
  const other = await startReceiver();
  try {
    const answers = [500, 404, 302, 307];
    const { url } = await receiver((response, count) =>
      response.writeHead(answers[count - 1] ?? 204, { location: other.url }).end(),
    );
    const channel = webhookChannel({ url }, { now: () => NOW });
    for (const status of answers)
      await expect(channel.send(testMessage(), never, newThread())).rejects.toMatchObject({
        code: "SM-NOTIFY-SEND",
        status,
      });
    await channel.send(testMessage(), never, newThread());
    expect(other.received).toEqual([]);
  } finally {
    await other.stop();
  }
});

test("a receiver that is away or that hangs is an error without the address's path", async () => {
  const away = webhookChannel({ url: "http://127.0.0.1:9/token-in-path" }, { now: () => NOW });
  await expect(away.send(testMessage(), never, newThread())).rejects.toThrow(
    /^webhook 127\.0\.0\.1:9: (?!.*token-in-path)/,
  );
  const { url } = await receiver(() => {});
  await expect(webhookChannel({ url }, { now: () => NOW }).send(testMessage(), never, newThread())).rejects.toThrow(
    "no answer within 10 s",
  );
});
