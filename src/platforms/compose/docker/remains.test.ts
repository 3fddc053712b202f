import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeImage } from "../../../../test/labs/docker.ts";
import { labelArgs } from "./labels.ts";
import { ensureNetwork } from "./networks.ts";
import { removeRemains, stopRemains } from "./remains.ts";
import { type Bench, openBench, skipReason } from "./testing.ts";

const skipped = skipReason();

describe.skipIf(skipped)("what an environment has on a host", () => {
  let bench: Bench;
  const call = (...args: string[]) => bench.docker.call(args, { step: "prepare" });
  const names = async () => {
    const lists = [
      ["ps", "-a", "--format", "{{.Names}}"],
      ["network", "ls", "--format", "{{.Name}}"],
      ["volume", "ls", "-q"],
    ];
    const found = await Promise.all(lists.map((list) => call(...list)));
    return found
      .flatMap((text) => text.split("\n"))
      .filter((name) => /pr-|shop|theirs/.test(name))
      .sort();
  };
  const compose = (project: string) => ["--label", `com.docker.compose.project=${project}`];
  const ours = (env: string) => [...compose(`shop-${env}`), ...labelArgs({ app: "shop", env })];

  beforeAll(async () => {
    bench = await openBench();
    await nodeImage(bench.engine);
    for (const env of ["pr-7", "pr-71"]) {
      await ensureNetwork(bench.docker, `stationmaster-shop-${env}`, { app: "shop", env });
      await call("network", "create", ...ours(env), `shop-${env}_default`);
      await call("volume", "create", ...ours(env), `shop-${env}_data`);
      const labels = labelArgs({ app: "shop", env });
      const sleep = ["base/node:1", "sleep", "600"];
      await call(
        "run",
        "-d",
        "--name",
        `shop-${env}-web`,
        "--network",
        `stationmaster-shop-${env}`,
        ...labels,
        ...sleep,
      );
      const volume = ["-v", `shop-${env}_data:/data`, "--network", `shop-${env}_default`, "--stop-signal", "KILL"];
      await call("run", "-d", "--name", `shop-${env}_db_1`, ...volume, ...ours(env), ...sleep);
    }
    // Somebody's own project of that name.
    await call("volume", "create", ...compose("shop-pr-7"), "theirs");
    await call("run", "-d", "--name", "theirs-pr-7", ...compose("shop-pr-7"), "base/node:1", "sleep", "600");
  }, 120_000);
  afterAll(async () => await bench?.end(), 60_000);

  test("a network of another environment whose name comes to the same is not taken over", async () => {
    const other = { app: "shop-pr", env: "71" };
    await expect(ensureNetwork(bench.docker, "stationmaster-shop-pr-71", other)).rejects.toMatchObject({
      code: "SM-DOCKER-NAME",
      message: "local: make the network stationmaster-shop-pr-71: it belongs to shop, environment pr-71",
    });
  });

  test("asleep, the containers of Compose are stopped and everything is there", async () => {
    const before = await names();
    await stopRemains(bench.docker, { app: "shop", env: "pr-7" });
    expect(await names()).toEqual(before);
    const running = await call("ps", "--format", "{{.Names}}");
    expect(running).not.toContain("shop-pr-7_db_1");
    expect(running).toContain("shop-pr-71_db_1");
    expect(running).toContain("theirs-pr-7");
  });

  test("removed, nothing is left of it, and nothing of anybody else is missing; twice is fine", async () => {
    for (const _ of [1, 2]) {
      await removeRemains(bench.docker, { app: "shop", env: "pr-7" });
      expect(await names()).toEqual([
        ...["shop-pr-71-web", "shop-pr-71_data", "shop-pr-71_db_1", "shop-pr-71_default"],
        ...["stationmaster-shop-pr-71", "theirs", "theirs-pr-7"],
      ]);
    }
  });
});
