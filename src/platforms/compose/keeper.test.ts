import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { kill } from "../../../test/lab/processes.ts";
import { until } from "../../../test/lab/until.ts";
import { context, freePort, HAPROXY, hasHaproxy, installNext, route, stage, unit } from "./haproxy/testing.ts";
import { createKeeper, isAnother } from "./keeper.ts";
import { createPlaces, type Place, type Places } from "./places.ts";

const haproxy = test.skipIf(!hasHaproxy);
afterEach(() => vi.unstubAllEnvs());

/** The hosts of an environment, all of whose things lie in one folder. */
function placesIn(folder: string, hosts: string[], env: string): Places {
  const settings = { hosts, path: join(folder, "host"), sudo: false };
  const places = createPlaces({ settings: () => settings, key: env, stateDir: join(folder, env) });
  onTestFinished(async () => {
    await (await places.at("local")).proxy.stop(context());
    await places.close();
  });
  return places;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "smk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

haproxy("two environments that miss their proxy at the same time start one", async () => {
  const folder = newFolder();
  const [here, there] = [placesIn(folder, ["local"], "one"), placesIn(folder, ["local"], "two")];
  const listen = [{ port: await freePort(), bind: "127.0.0.1" }];
  const one = await here.at("local");
  await one.alone(context(), (proxy, held) => proxy.apply(route({ listen }), held));
  await one.proxy.stop(context());
  const reported: unknown[] = [];
  const keepers = [createKeeper(here), createKeeper(here), createKeeper(there)];
  await Promise.all(keepers.map((keeper) => keeper.keep((error) => reported.push(error))));
  expect(reported).toEqual([]);
  expect(await one.proxy.runs(context())).toBeDefined();
  expect(Object.keys(await one.proxy.read(context()))).toEqual(["web"]);
});

haproxy("a host that is away keeps nobody from starting the others, and is told of once", async () => {
  const folder = newFolder();
  const file = join(folder, "ssh_config");
  writeFileSync(file, `Host away\n  HostName 127.0.0.1\n  Port ${await freePort()}\n  BatchMode yes\n`);
  vi.stubEnv("STATIONMASTER_SSH_CONFIG", file);
  const places = placesIn(folder, ["away", "local"], "one");
  const local = await places.at("local");
  let time = 0;
  const keeper = createKeeper(places, () => time);
  const reported: unknown[] = [];
  const keep = () => keeper.keep((error) => reported.push(error));
  await Promise.all([keep(), keep()]);
  expect(await local.proxy.runs(context())).toBeDefined();
  await keep();
  expect(reported).toHaveLength(1);
  expect(reported).toMatchObject([{ message: expect.stringContaining("away") }]);
  // Recovery and rollouts do not hear of it here.
  await keeper.keep();
  // What was found is believed for a while; a deployment looks for itself.
  await local.proxy.stop(context());
  await keep();
  expect(await local.proxy.runs(context())).toBeUndefined();
  await keeper.ready(context());
  expect(await local.proxy.runs(context())).toBeDefined();
  await local.proxy.stop(context());
  time += 10_000;
  await keep();
  expect(await local.proxy.runs(context())).toBeDefined();
  expect(reported.slice(1)).toMatchObject([{ code: "SM-PROXY-RESTARTED" }]);
});

haproxy("a proxy that ended and came back between two looks is told of once; an upgrade is none", async () => {
  const folder = newFolder();
  const hosts = ["local"];
  const places = placesIn(folder, hosts, "one");
  const { proxy } = await places.at("local");
  await proxy.apply(route({ listen: [{ port: await freePort(), bind: "127.0.0.1" }] }), context());
  let time = 0;
  const keeper = createKeeper(places, () => time);
  const reported: unknown[] = [];
  const later = async (report?: (error: unknown) => void) => {
    time += 6_000;
    await keeper.keep(report);
  };
  const report = (error: unknown) => void reported.push(error);
  await until("its age to show", async () => ((await proxy.runs(context()))?.upMs ?? 0) >= 2_000);
  await later(report);
  await proxy.upgrade(context());
  await later(report);
  expect(reported).toEqual([]);
  const before = (await proxy.runs(context()))?.master;
  kill(before ?? 0, "SIGKILL");
  await until("another one", async () => ![undefined, before].includes((await proxy.runs(context()))?.master));
  // Who sees it need not be who tells it.
  await later();
  await later(report);
  await later(report);
  const once = [{ code: "SM-PROXY-RESTARTED", message: expect.stringMatching(/^local: /) }];
  expect(reported).toMatchObject(once);
  // Taken out of the environment and put back, it is no outage that it was another one meanwhile.
  hosts.pop();
  await later(report);
  await proxy.stop(context());
  hosts.push("local");
  await later(report);
  await later(report);
  expect(await proxy.runs(context())).toBeDefined();
  expect(reported).toMatchObject(once);
});

test.each([
  ["the same", { master: 7, upMs: 100_000 }, false],
  ["another number", { master: 8, upMs: 100_000 }, true],
  ["the same number in a container, begun since", { master: 7, upMs: 2_000 }, true],
])("%s", (_, seen, another) => {
  expect(isAnother({ master: 7, upMs: 90_000 }, seen)).toBe(another);
});

haproxy("a start that failed is tried again at once", async () => {
  const folder = newFolder();
  const places = placesIn(folder, ["local"], "one");
  const local = await places.at("local");
  const listen = [{ port: await freePort(), bind: "127.0.0.1" }];
  await local.proxy.apply(route({ listen }), context());
  await local.proxy.stop(context());
  const taken = await unit("taken", listen[0]?.port);
  const keeper = createKeeper(places);
  const reported: unknown[] = [];
  await keeper.keep((error) => reported.push(error));
  expect(reported).toMatchObject([{ code: "SM-PROXY-PORT" }]);
  await taken.stop();
  await keeper.keep((error) => reported.push(error));
  expect(reported).toHaveLength(1);
  expect(await local.proxy.runs(context())).toBeDefined();
});

haproxy("a deployment takes up the program that is installed now, under the lock", async () => {
  const folder = newFolder();
  const binary = join(folder, "haproxy");
  cpSync(HAPROXY, binary);
  const { proxy } = await stage({ binary });
  const locked: string[] = [];
  const place: Pick<Place, "name" | "proxy" | "alone"> = {
    name: "a",
    proxy,
    alone: async (given, work) => {
      locked.push("locked");
      return await work(proxy, given);
    },
  };
  const names = () => ["a"];
  const keeper = createKeeper({ ...placesIn(folder, ["local"], "one"), names, at: async () => place as Place });
  await keeper.ready(context());
  const { running } = await proxy.versions(context());
  await keeper.ready(context());
  expect(locked).toHaveLength(1);
  const next = installNext(binary, running ?? "");
  await keeper.ready(context());
  expect(await proxy.versions(context())).toEqual({ running: next, installed: next, renewable: true });
  expect(locked).toHaveLength(2);
});

test("who waits for a host gives up with its signal; the host is asked on", async () => {
  const places = placesIn(newFolder(), ["elsewhere.invalid"], "one");
  await expect(places.at("elsewhere.invalid", AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  const late = new AbortController();
  const asked = placesIn(newFolder(), ["elsewhere.invalid"], "two").all(late.signal);
  late.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
  expect((await places.at(places.home(undefined))).name).toBe("elsewhere.invalid");
});
