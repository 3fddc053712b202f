import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../../../../test/lab/until.ts";
import { docker, missingDocker, startDocker } from "../../../../test/labs/docker.ts";
import { must } from "../../../../test/labs/run.ts";
import { createLocalHost } from "../../../exec/local-host.ts";
import { createProxy } from "./proxy.ts";
import { context, HAPROXY, holdsSockets, newRequests, socketsHeld, stage, unit } from "./testing.ts";
import { proxyFinding } from "./version.ts";

const missing = holdsSockets ? missingDocker() : "no HAProxy to make an image of, or no python3";
if (missing) console.log(`skipped: ${missing}`);

/** This machine's HAProxy with its libraries as an image. */
async function haproxyImage(engine: { host: string }, folder: string): Promise<string> {
  const root = join(folder, "image");
  const linked = await must(["ldd", HAPROXY]);
  for (const [, file = ""] of [["", HAPROXY], ...linked.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)]) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    copyFileSync(file, join(root, file));
  }
  const tar = join(folder, "image.tar");
  await must(["tar", "-C", root, "-cf", tar, "."]);
  await docker(engine, ["import", "--change", "ENV PATH=/usr/sbin", tar, "lab/haproxy:1"]);
  return "lab/haproxy:1";
}

test.skipIf(missing)("a host without HAProxy runs it as a container on the host's network", async () => {
  const folder = mkdtempSync(join(tmpdir(), "smp-"));
  const engine = await startDocker({ folder });
  onTestFinished(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const image = await haproxyImage(engine, folder);
  const container = { image, docker: ["docker", "-H", engine.host] };
  const binary = "/nowhere/haproxy";
  const { proxy, set, url, folder: own } = await stage({ binary, container });
  expect(await proxy.ensure(context())).toBe("started");
  const [one, two] = [(await unit("one")).member, (await unit("two")).member];
  await set({ stable: [one], candidate: [two], share: 100 });
  const release = async () => (await fetch(url)).headers.get("x-stationmaster-release");
  expect(await release()).toBe("release of two");
  await proxy.upgrade(context());
  await set({ stable: [one] });
  expect(await release()).toBe("release of one");

  // The engine brings it back by itself.
  const [id = ""] = (await docker(engine, ["ps", "-q"])).split("\n");
  const pidOf = async () => Number(await docker(engine, ["inspect", "--format", "{{.State.Pid}}", id]));
  for (const victim of ["master", "worker"]) {
    const pid = await pidOf();
    const [worker] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").map(Number);
    await socketsHeld(own);
    process.kill(victim === "master" ? pid : (worker ?? 0), "SIGKILL");
    await until("its end", () => ![pid, worker].some((one) => existsSync(`/proc/${one}`)));
    expect(await newRequests(url, 50), victim).toEqual({ "200": 50 });
    await until("another process", async () => ![0, pid].includes(await pidOf()));
    await until("the engine to restart it", async () => (await release().catch(() => "")) === "release of one");
  }
  await until("it to tell of itself", async () => (await proxy.versions(context())).running);
  expect(await proxy.versions(context())).toEqual({ running: image, installed: image, renewable: false });
  const later = createProxy({
    host: createLocalHost(),
    folder: own,
    binary,
    container: { ...container, image: "other:1" },
  });
  expect(proxyFinding(await later.versions(context()))).toMatchObject({
    detail: `proxy ${image}, while other:1 is installed`,
  });
  // One that somebody ended is made again.
  await docker(engine, ["stop", "--time", "1", id]);
  expect(await proxy.ensure(context())).toBe("started");
  expect(await release()).toBe("release of one");
  await proxy.stop(context());
  expect(await docker(engine, ["ps", "-aq"])).toBe("");
});
