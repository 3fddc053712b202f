import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../src/exec/run.ts";
import { kill, processesOf } from "../lab/processes.ts";
import { until } from "../lab/until.ts";
import { appImage, docker } from "./docker.ts";
import { type HostsLab, type LabHost, missingHosts, openHosts } from "./hosts.ts";
import { must } from "./run.ts";

const missing = missingHosts({ registry: true });
if (missing) console.log(`skipped: hosts of our own: ${missing}`);

describe.skipIf(missing)("two hosts", () => {
  let lab: HostsLab;
  let h1: LabHost;
  let h2: LabHost;

  beforeAll(async () => {
    lab = await openHosts({ count: 2, registry: true, disk: "1g" });
    [h1, h2] = lab.hosts as [LabHost, LabHost];
  });
  afterAll(() => lab.close());

  const ssh = (name: string, ...argv: string[]) =>
    run(["ssh", "-F", lab.sshConfig, "-o", "ConnectTimeout=2", name, ...argv], { deadlineMs: 30_000 });

  test("ssh leads into each: own name, own files, own engine", async () => {
    for (const host of lab.hosts) {
      expect((await ssh(host.name, "hostname")).stdout.trim()).toBe(host.name);
      await ssh(host.name, "mkdir", "-p", host.path);
      await ssh(host.name, "cp", "/proc/sys/kernel/hostname", `${host.path}/file`);
      const ids = [await ssh(host.name, "docker", "info", "-f", "{{.ID}}"), await idOf(host)];
      expect(ids[0]).toMatchObject({ code: 0, stdout: ids[1] });
    }
    const contents = lab.hosts.map((host) => readFileSync(host.outside(`${host.path}/file`), "utf8").trim());
    expect(contents).toEqual(["h1", "h2"]);
    expect(await idOf(h1)).not.toBe(await idOf(h2));
  });

  test("an image travels through the registry; its container answers on each host and reaches the other", async () => {
    const image = await appImage(h1.docker, { name: `${lab.registry}/app`, version: "r1" });
    await docker(h1.docker, ["push", image]);
    for (const host of [h1, h2]) {
      await docker(host.docker, ["run", "-d", "--name", "app", "-p", "8080:8080", image]);
      const answer = await until("the application", () => fetch(`http://${host.address}:8080/`));
      expect(answer.headers.get("x-release")).toBe("r1");
    }
    const ask = `fetch('http://${h2.address}:8080/').then((r) => r.text()).then(console.log)`;
    expect((await docker(h1.docker, ["exec", "app", "node", "-e", ask])).trim()).toBe("hello");
  });

  test("a host that is cut off cannot be reached, and can be again", async () => {
    await h2.cut();
    expect((await ssh("h2", "true")).code).toBe(255);
    expect((await ssh("h1", "true")).code).toBe(0);
    await h2.heal();
    await until("h2", async () => (await ssh("h2", "true")).code === 0);
    expect((await fetch(`http://${h2.address}:8080/`)).status).toBe(200);
  });

  test("a full disk refuses to grow, and a stopped engine to answer", async () => {
    await h1.fillDisk();
    const copy = await ssh("h1", "dd", "if=/dev/zero", `of=${h1.path}/big`, "bs=1M", "count=1");
    expect(copy.stderr).toContain("No space left on device");
    await h1.freeDisk();
    expect((await ssh("h1", "dd", "if=/dev/zero", `of=${h1.path}/big`, "bs=1M", "count=1")).code).toBe(0);
    await h1.stopDocker();
    expect((await ssh("h1", "docker", "ps")).code).not.toBe(0);
    await h1.startDocker();
    expect((await ssh("h1", "docker", "ps", "-a")).stdout).toContain("app:r1");
  });

  test("closed, it leaves no process, network or file behind", async () => {
    const folder = dirname(lab.sshConfig);
    await lab.close();
    await expectGone(folder);
  });

  test("what a killed process left behind is removed by the next one", async () => {
    const script = join(import.meta.dirname, "hosts.ts");
    const code = `const { openHosts } = await import(${JSON.stringify(script)});
      console.log((await openHosts({ count: 1 })).sshConfig); setInterval(() => {}, 1_000);`;
    const owner = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = await once(owner.stdout, "data");
    const folder = dirname(String(said).trim());
    const ended = once(owner, "exit");
    kill(owner.pid ?? 0, "SIGKILL");
    await ended;
    expect(existsSync(folder)).toBe(true);
    await (await openHosts({ count: 1 })).close();
    await expectGone(folder);
  });
});

async function idOf(host: LabHost): Promise<string> {
  return await docker(host.docker, ["info", "-f", "{{.ID}}"]);
}

async function expectGone(folder: string): Promise<void> {
  expect(processesOf(folder)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  expect(await must(["ip", "-o", "link"])).not.toContain(folder);
  expect(readFileSync("/proc/self/mounts", "utf8")).not.toContain(folder);
}
