import { once } from "node:events";
import { connect, createServer, type LookupFunction } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { listen } from "../testing.ts";
import { openGuard } from "./guard.ts";

const NAME = Buffer.from("slow.test");

test.each(["the browser gives up", "the guard is closed"])(
  "a connection that is still under way ends when %s",
  async (how) => {
    let connections = 0;
    const port = await listen(createServer(() => connections++));
    const asked = Promise.withResolvers<Parameters<LookupFunction>[2]>();
    const guard = await openGuard({ lookup: (_name, _options, done) => asked.resolve(done), isPublic: () => true });
    const browser = connect(Number(new URL(guard.address).port), "127.0.0.1");
    browser.on("error", () => {});
    browser.write(Buffer.from([5, 1, 0]));
    await once(browser, "data");
    browser.write(Buffer.concat([Buffer.from([5, 1, 0, 3, NAME.length]), NAME, Buffer.from([port >> 8, port & 255])]));
    const found = await asked.promise;
    if (how === "the guard is closed") guard.close();
    else browser.destroy();
    await delay(100);
    found(null, [{ address: "127.0.0.1", family: 4 }]);
    await delay(300);
    expect(connections).toBe(0);
    guard.close();
  },
);
