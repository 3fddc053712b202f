import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

let service: Server;
let proxy: TcpProxy;

beforeEach(async () => {
  service = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
  await once(service, "listening");
  proxy = await startTcpProxy({ address: "127.0.0.1", port: (service.address() as AddressInfo).port });
});
afterEach(async () => {
  await proxy.stop();
  service.closeAllConnections();
  service.close();
});

/** The answer on a connection of its own, or the reason why there was none. */
async function ask(timeoutMs = 20_000): Promise<string> {
  const options = { signal: AbortSignal.timeout(timeoutMs), headers: { connection: "close" } };
  return await fetch(`http://127.0.0.1:${proxy.port}`, options).then(
    (response) => response.text(),
    (error: Error) => (error.name === "TimeoutError" ? "late" : "reset"),
  );
}

test("a good line", async () => {
  expect(await ask()).toBe("hello");
});

test("a slow line delays both directions", async () => {
  proxy.delay(400);
  const start = performance.now();
  expect(await ask()).toBe("hello");
  expect(performance.now() - start).toBeGreaterThan(790);
});

test("a stalled line says nothing; healed, it resets what lost data and works again", async () => {
  proxy.stall();
  expect(await ask(1_000)).toBe("late");
  const hanging = ask();
  await new Promise((done) => setTimeout(done, 500));
  proxy.heal();
  expect(await hanging).toBe("reset");
  expect(await ask()).toBe("hello");
});

test("a cut line resets what is open and takes new connections", async () => {
  proxy.delay(2_000);
  const cut = ask();
  await new Promise((done) => setTimeout(done, 500));
  proxy.cut();
  expect(await cut).toBe("reset");
  proxy.heal();
  expect(await ask()).toBe("hello");
});
