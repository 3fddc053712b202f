import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compose } from "../../src/generate/kinds/compose/kind.ts";
import { dockerfile } from "../../src/generate/kinds/dockerfile/kind.ts";
import { render } from "../../src/generate/render.ts";
import { freePort } from "../../src/platforms/local/ports.ts";
import { importBase, missingBase, onOwnImages } from "../generate/base-images.ts";
import { RUNNING_EXAMPLES } from "../generate/running-examples.ts";
import { planOf } from "../generate/scan-and-plan.ts";

import { until } from "../lab/until.ts";
import { type Docker, docker, missingDocker, startDocker } from "../labs/docker.ts";
import { findProgram } from "../labs/missing.ts";
import { attempt, must } from "../labs/run.ts";

const missing = missingDocker() ?? (await missingBase("node")) ?? (await missingCompose());
if (missing) console.log(`skipped: the generated compose.yaml: ${missing}`);

async function missingCompose(): Promise<string | undefined> {
  if ((await attempt(["docker", "compose", "version"])) !== undefined || findProgram("docker-compose"))
    return undefined;
  return "neither docker compose nor docker-compose is installed";
}

describe.skipIf(missing)("the generated compose.yaml", () => {
  let folder = "";
  let engine: Docker;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "compose-"));
    engine = await startDocker({ folder });
  });
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is built, becomes healthy, cannot write, answers on loopback, stops with 0", async () => {
    const files = RUNNING_EXAMPLES.node ?? {};
    const plan = planOf(files);
    const made = render(plan, [dockerfile, compose]);
    await importBase(engine, "node");
    const text = made.get("compose.yaml")?.text ?? "";
    const program =
      (await attempt(["docker", "compose", "version"])) === undefined ? ["docker-compose"] : ["docker", "compose"];
    // The first generation takes its name from the folder only.
    const own = program.length === 1 ? text.replace(/^name: .*\n/m, "") : text;
    const at = join(folder, "demo");
    const all = { ...files, "compose.yaml": own, Dockerfile: onOwnImages(made.get("Dockerfile")?.text ?? "").text };
    for (const [path, body] of Object.entries(all)) {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), body);
    }
    const port = await freePort(new Set());
    const variable = `${plan.services[0]?.name.toUpperCase()}_PORT=${port}`;
    const run = async (...words: string[]) =>
      await must(
        [
          "env",
          `DOCKER_HOST=${engine.host}`,
          variable,
          ...program,
          "-p",
          "demo",
          "-f",
          join(at, "compose.yaml"),
          ...words,
        ],
        180_000,
      );
    await run("up", "-d", "--build");
    const id = (await run("ps", "-q")).trim();
    const inspect = async (format: string) => (await docker(engine, ["inspect", "-f", format, id])).trim();
    await until(
      "its health",
      async () => (await inspect("{{.State.Health.Status}}")) === "healthy" || undefined,
      90_000,
    );
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(await inspect("{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}")).toBe(
      "true [ALL] [no-new-privileges:true]",
    );
    expect(await inspect("{{.HostConfig.Memory}}")).toBe(String(512 * 1024 * 1024));
    expect((await docker(engine, ["exec", id, "id", "-u"])).trim()).toBe("10001");
    const before = performance.now();
    await run("stop");
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(await inspect("{{.State.ExitCode}}")).toBe("0");
  }, 300_000);
});
