import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { createLocalHost } from "../../exec/local-host.ts";
import type { Member } from "../traffic.ts";
import { createProxy } from "./haproxy/proxy.ts";
import { loadRoutes } from "./haproxy/store.ts";
import { context, freePort, hasHaproxy, member, route } from "./haproxy/testing.ts";
import { createKeeper } from "./keeper.ts";
import type { Place, Places } from "./places.ts";
import { routeName } from "./routes.ts";
import { createTraffic } from "./traffic.ts";

const haproxy = test.skipIf(!hasHaproxy);
const target = { app: "shop", environment: "production", service: "web" };

/** A proxy of its own on this machine as a host. Its clock is an hour ahead of ours. */
async function hostCalled(name: string, alone?: Place["alone"]) {
  const folder = mkdtempSync(join(tmpdir(), "smt-"));
  const host = createLocalHost();
  const clock = { ...systemClock, now: () => Date.now() - 3_600_000 };
  const proxy = createProxy({ host, folder, clock });
  onTestFinished(async () => {
    await proxy.stop(context());
    rmSync(folder, { recursive: true, force: true });
  });
  const storedRoutes = (signal: AbortSignal) => loadRoutes(host, folder, signal);
  const own: Place["alone"] = (given, work) => work(proxy, given);
  const place = { name, host, address: "127.0.0.1", proxy, storedRoutes, alone: alone ?? own };
  return { place: place as unknown as Place, proxy, clock, stored: () => storedRoutes(context().signal) };
}

function together(list: readonly Place[]): Places {
  const at = async (name: string) => list.find((place) => place.name === name) as Place;
  const names = () => list.map(({ name }) => name);
  const address = async () => "127.0.0.1";
  return { names, at, home: (host) => host ?? "a", all: async () => [...list], address, close: async () => {} };
}

const on = (host: string, id: string): Member => ({ host, ...member(id, 9) });

haproxy("a wave that fails, or is given up, goes back to the very routes that were there", async () => {
  const stop = new AbortController();
  const first = await hostCalled("a");
  const second = await hostCalled("b", async () => {
    stop.abort(new Error("given up"));
    throw stop.signal.reason;
  });
  const places = together([first.place, second.place]);
  const traffic = createTraffic(places, createKeeper(places));
  for (const { proxy, place, clock } of [first, second]) {
    const listen = [{ port: await freePort(), bind: "127.0.0.1" }];
    const sides = { stable: [member(`old-${place.name}`, 9)], candidate: [member(`new-${place.name}`, 9)] };
    await proxy.apply(
      route({ name: routeName(target), listen, ...sides, share: 10, until: clock.now() + 300_000 }),
      context(),
    );
  }
  const before = await first.stored();
  const wanted = { stable: [on("a", "old-a"), on("b", "old-b")], candidate: [on("a", "new-a"), on("b", "new-b")] };
  const times = { share: 50, until: first.clock.now() + 300_000, hold: null };
  await expect(traffic.apply(target, { ...wanted, ...times }, { signal: stop.signal })).rejects.toThrow("given up");
  expect(await first.stored()).toEqual(before);
  const seen = (await first.proxy.read(context()))[routeName(target)];
  expect(seen?.share).toBe(10);
  expect(Math.abs((seen?.until ?? 0) - first.clock.now() - 300_000)).toBeLessThan(60_000);
});
