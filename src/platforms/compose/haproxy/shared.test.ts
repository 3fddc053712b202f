import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { createLocalHost } from "../../../exec/local-host.ts";
import { createProxy } from "./proxy.ts";
import { loadRoutes } from "./store.ts";
import { context, freePort, hasHaproxy, route, stage, unit } from "./testing.ts";

const haproxy = test.skipIf(!hasHaproxy);

haproxy("two workers change one proxy by turns: neither believes that the files are still its own", async () => {
  const { proxy, folder, port, url } = await stage();
  const other = createProxy({ host: createLocalHost(), folder });
  const stable = [(await unit("one")).member];
  const at = (path: string, more: number[] = []) =>
    route({
      stable,
      listen: [port, ...more].map((each) => ({ port: each, bind: "127.0.0.1" })),
      health: { path },
    });
  const second = await freePort();
  await proxy.apply(at("/"), context());
  await other.apply(at("/healthz", [second]), context());
  expect((await fetch(`http://127.0.0.1:${second}`)).status).toBe(200);
  // Word by word what this one wrote at first.
  await proxy.apply(at("/"), context());
  expect((await fetch(url)).status).toBe(200);
  expect(readFileSync(join(folder, "haproxy.cfg"), "utf8")).not.toContain("uri '/healthz'");
  await other.apply(at("/healthz", [second]), context());
  expect(readFileSync(join(folder, "haproxy.cfg"), "utf8")).toContain("uri '/healthz'");
  // Nor that nobody edited them.
  writeFileSync(join(folder, "haproxy.cfg"), "broken\n");
  await other.apply(at("/healthz", [second]), context());
  expect(readFileSync(join(folder, "haproxy.cfg"), "utf8")).toContain("uri '/healthz'");
  expect((await fetch(`http://127.0.0.1:${second}`)).status).toBe(200);
});

haproxy("a route goes back as it lay on disk, by the host's clock", async () => {
  const clock = { ...systemClock, now: () => Date.now() - 3_600_000 };
  const { proxy, folder, set } = await stage({ clock });
  const [one, two] = [(await unit("one")).member, (await unit("two")).member];
  await set({ stable: [one], candidate: [two], share: 25, until: clock.now() + 60_000 });
  const { web: before } = await loadRoutes(createLocalHost(), folder, context().signal);
  await set({ stable: [one], candidate: [two], share: 50, until: clock.now() + 90_000 });
  if (!before) throw new Error("no route");
  const view = await proxy.restore(before, context());
  expect(view.share).toBe(25);
  expect(Math.abs((view.until ?? 0) - clock.now() - 60_000)).toBeLessThan(30_000);
  expect((await loadRoutes(createLocalHost(), folder, context().signal)).web).toEqual(before);
});
