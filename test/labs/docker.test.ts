import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { processesOf } from "../lab/processes.ts";
import { until } from "../lab/until.ts";
import { appImage, type Docker, docker, missingDocker, nodeImage, startDocker } from "./docker.ts";
import { must } from "./run.ts";

const missing = missingDocker();
if (missing) console.log(`skipped: an engine of our own: ${missing}`);

describe.skipIf(missing)("an engine of our own", () => {
  let folder = "";
  let engine: Docker;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "labs-docker-"));
    engine = await startDocker({ folder });
  });
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("an application answers on a published port and to its neighbours by name", async () => {
    const image = await appImage(engine, { version: "r1", env: { ERROR_RATE: "0" } });
    await docker(engine, ["network", "create", "front"]);
    await docker(engine, ["run", "-d", "--name", "app", "--network", "front", "-p", "127.0.0.1::8080", image]);
    const place = (await docker(engine, ["port", "app", "8080"])).trim();
    const answer = await until("the application", () => fetch(`http://${place}/`));
    expect(answer.headers.get("x-release")).toBe("r1");
    const ask = "fetch('http://app:8080/version').then((r) => r.json()).then((v) => console.log(v.release))";
    const neighbour = ["run", "--rm", "--network", "front", await nodeImage(engine), "node", "-e", ask];
    expect((await docker(engine, neighbour)).trim()).toBe("r1");
  });

  test("stopped, it leaves no process, network, control group or file behind", async () => {
    const bridges = (await docker(engine, ["network", "ls", "-q", "--filter", "driver=bridge"])).trim().split("\n");
    const rules = await must(["iptables-save"]).catch(() => "");
    await engine.stop();
    const links = await must(["ip", "-o", "link"]);
    expect(bridges.filter((id) => links.includes(`br-${id}`))).toEqual([]);
    expect(links).not.toContain(folder);
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(join(folder, "docker"))).toBe(false);
    expect(rules).not.toContain(engine.socket);
  });
});
