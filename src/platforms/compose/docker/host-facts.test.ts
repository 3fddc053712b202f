import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLocalHost } from "../../../exec/local-host.ts";
import { createDocker } from "./client.ts";
import { dockerError } from "./errors.ts";
import { dockerVersion, hostFacts, listeningPorts } from "./host-facts.ts";
import { type Bench, openBench, skipReason } from "./testing.ts";

const skipped = skipReason();

test("ports that something listens on are read from the kernel's table", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:3A98 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0",
    "   1: 0100007F:3A99 0100007F:1234 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0",
  ].join("\n");
  expect(listeningPorts(table)).toEqual([15_000]);
  const wide = "   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 9 1";
  expect(listeningPorts(wide)).toEqual([80]);
});

test.each([
  [
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    1,
    "SM-DOCKER-DOWN",
  ],
  [
    "Got permission denied while trying to connect to the Docker daemon socket at unix:///x: dial unix",
    1,
    "SM-DOCKER-DENIED",
  ],
  ["permission denied while trying to connect to the docker API at unix:///var/run/docker.sock", 1, "SM-DOCKER-DENIED"],
  ["sudo: a password is required", 1, "SM-DOCKER-DENIED"],
  ["sh: docker: not found", 127, "SM-DOCKER-MISSING"],
  ["Error response from daemon: write /x: no space left on device", 1, "SM-DOCKER-DISK"],
  ["Error response from daemon: manifest for x:9 not found: manifest unknown: manifest unknown", 1, "SM-IMAGE-MISSING"],
  [
    "Error response from daemon: pull access denied for x, repository does not exist or may require",
    1,
    "SM-IMAGE-DENIED",
  ],
  ["Error response from daemon: toomanyrequests: You have reached your pull rate limit", 1, "SM-IMAGE-LIMIT"],
  ["something new", 1, "SM-DOCKER-FAILED"],
])("%s: %i is %s", (printed, code, expected) => {
  const error = dockerError({ host: "web1", step: "start x", code, printed });
  expect(error.code).toBe(expected);
  expect(error.message).toMatch(/^web1: start x: /);
  expect(error.next).toBeTruthy();
});

test("no docker, or none that answers, is told as such", async () => {
  const host = createLocalHost();
  await expect(dockerVersion(createDocker(host, ["/nosuch/docker"]))).rejects.toMatchObject({
    code: "SM-DOCKER-MISSING",
  });
});

describe.skipIf(skipped)("a host with an engine", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  }, 60_000);
  afterAll(async () => await bench?.end(), 60_000);

  test("tells what a plan needs", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    const facts = await hostFacts(bench.docker, `${bench.folder}/not/there/yet`);
    server.close();
    expect(facts.dockerVersion).toMatch(/^\d+\.\d+/);
    expect(facts.dockerFree).toBeGreaterThan(1e6);
    expect(facts.folderFree).toBeGreaterThan(1e6);
    expect(facts.memoryAvailable).toBeGreaterThan(1e6);
    expect(Math.abs(facts.clockSkewMs)).toBeLessThan(5_000);
    expect(facts.ports.has(typeof address === "object" && address ? address.port : 0)).toBe(true);
    expect(await dockerVersion(bench.docker)).toBe(facts.dockerVersion);
  });

  test("an engine that is not there", async () => {
    const away = createDocker(createLocalHost(), ["docker", "-H", `unix://${bench.folder}/nosuch.sock`]);
    await expect(dockerVersion(away)).rejects.toMatchObject({ code: "SM-DOCKER-DOWN" });
  });
});
