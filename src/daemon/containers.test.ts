import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { until } from "../../test/lab/until.ts";
import { appImage } from "../../test/labs/docker.ts";
import { systemClock } from "../core/clock.ts";
import { lookAtContainer as lookOnEngine } from "../platforms/compose/container.ts";
import { type Bench, openBench, skipReason } from "../platforms/compose/docker/testing.ts";
import { runProbe } from "../watch/probes/run.ts";
import { redact, spec } from "../watch/probes/testing.ts";
import { lookAtContainer } from "./containers.ts";
import { createRestartCounter } from "./restart-counter.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const signal = AbortSignal.timeout(300_000);

describe.skipIf(skipReason())("containers of an engine", () => {
  let bench: Bench;
  let image: string;
  beforeAll(async () => {
    bench = await openBench();
    image = await appImage(bench.engine, { version: "v1" });
    vi.stubEnv("DOCKER_HOST", bench.engine.host);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await bench?.end();
  });

  const start = async (name: string, how: readonly string[], script: string) =>
    await bench.docker.call(["run", "--detach", "--name", name, ...how, "--entrypoint", "sh", image, "-c", script], {
      step: `start ${name}`,
    });
  const platform = {
    hosts: () => ["web1"],
    container: async (name: string) => await lookOnEngine(bench.docker, name, signal),
  };
  const restarts = createRestartCounter();
  const look = async (container: string, host?: string) =>
    await lookAtContainer(
      { platform, environment: "local" },
      { container, host },
      { restarts, now: performance.now(), signal },
    );

  test("one that runs, that ended, that is not there; here and on a host", async () => {
    expect(await look("guest")).toEqual({ alive: 0, expected: 1, detail: "there is no such container", restarts: 0 });
    await start("guest", ["--init"], "sleep 600");
    for (const host of [undefined, "web1"])
      expect(await look("guest", host)).toEqual({ alive: 1, expected: 1, detail: null, restarts: 0 });
    await bench.docker.call(["kill", "guest"], { step: "end it" });
    expect(await until("the end", async () => (await look("guest")).detail)).toBe("ended (SIGKILL)");
    await expect(look("guest", "web2")).rejects.toMatchObject({ code: "SM-CHECK-HOST" });
  });

  test("one that its engine starts again and again is a crash loop", async () => {
    await start("sick", ["--restart", "always"], "sleep 0.2; exit 3");
    const check = spec("process", { process: { container: "sick" }, max_restarts: 2 });
    const processes = async () => await look("sick");
    const found = await until("the loop", async () => {
      const result = await runProbe(check, { clock: systemClock, redact, processes });
      return result.class === "crash-loop" && result;
    });
    expect(found).toMatchObject({ outcome: "fail", family: "deploy" });
    expect(found.detail).toMatch(/^started \d+ times anew within 10 min/);
  });
});

test("without an engine nobody can say", async () => {
  vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
  const looked = lookAtContainer(
    { platform: {}, environment: "local" },
    { container: "guest" },
    { restarts: createRestartCounter(), now: 0, signal },
  );
  await expect(looked).rejects.toMatchObject({ code: expect.stringMatching(/^SM-DOCKER-(DOWN|MISSING)$/) });
  vi.unstubAllEnvs();
});
