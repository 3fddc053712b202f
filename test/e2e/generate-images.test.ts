import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dockerfile } from "../../src/generate/kinds/dockerfile/kind.ts";
import { render } from "../../src/generate/render.ts";
import { type Base, forOwnCaddy, importBase, missingBase, onOwnImages } from "../generate/base-images.ts";
import { RUNNING_EXAMPLES } from "../generate/running-examples.ts";
import { planOf } from "../generate/scan-and-plan.ts";
import type { Files } from "../generate/types.ts";
import { until } from "../lab/until.ts";
import { type Docker, docker, missingDocker, startDocker } from "../labs/docker.ts";

const missing = missingDocker();
if (missing) console.log(`skipped: images of generated Dockerfiles: ${missing}`);

/** Languages without an example: their images cannot be built without a network. */
const ELSEWHERE: Record<string, string> = {
  "bun, deno": "their programs come from their own images only",
  elixir: "hex and rebar are fetched while the image is built",
  java: "Maven and Gradle fetch their plugins while the image is built",
  ".NET": "its SDK comes from its own image only",
  php: "FrankenPHP comes from its own image only",
  rust: "its compiler with a linker is 1.5 GB that would be copied for each run",
};
if (!missing)
  for (const [language, why] of Object.entries(ELSEWHERE)) console.log(`skipped: the image of ${language}: ${why}`);

/** Another port than any of them has by itself. */
const PORT = 5555;
const HARDENED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

describe.skipIf(missing)("images of generated Dockerfiles", () => {
  let folder = "";
  let engine: Docker;
  const known = new Set<Base>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "images-"));
    engine = await startDocker({ folder });
  });
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(Object.entries(RUNNING_EXAMPLES))(
    "%s: built, run with least rights, asked, stopped",
    async (name, files) => {
      const plan = planOf(files);
      const [service] = plan.services;
      if (!service) throw new Error("no service was found");
      const made = render(plan, [dockerfile]);
      const { text, bases } = onOwnImages(made.get(service.dockerfile.path)?.text ?? "");
      for (const base of bases) {
        const absent = await missingBase(base);
        if (absent) {
          console.log(`skipped: the image of ${name}: ${absent}`);
          return;
        }
        if (!known.has(base)) await importBase(engine, base);
        known.add(base);
      }
      const at = join(folder, name);
      const texts = Object.fromEntries([...made].map(([path, file]) => [path, file.text]));
      if (texts.Caddyfile !== undefined) texts.Caddyfile = await forOwnCaddy(texts.Caddyfile);
      write(at, { ...files, ...texts, Dockerfile: text });
      await docker(engine, ["build", "-q", "-t", `built/${name}`, at], 180_000);

      const flags = ["-e", `PORT=${PORT}`, "-p", `127.0.0.1::${PORT}`, "--health-interval", "1s"];
      await docker(engine, ["run", "-d", "--name", name, ...HARDENED, ...flags, `built/${name}`]);
      const status = async () =>
        await docker(engine, ["inspect", "-f", "{{.State.Status}} {{.State.Health.Status}}", name]);
      const state = await until(
        "its health",
        async () => {
          const now = (await status()).trim();
          return /healthy$|^exited/.test(now) && !/unhealthy/.test(now) ? now : undefined;
        },
        60_000,
      ).catch(async (cause) => {
        throw new Error(
          `${await status()} ${await docker(engine, ["inspect", "-f", "{{json .State.Health}}", name])} ${await docker(engine, ["logs", name])}`,
          { cause },
        );
      });
      expect(state).toBe("running healthy");

      const place = (await docker(engine, ["port", name, String(PORT)])).trim();
      const answer = await fetch(`http://${place}${service.health ?? "/"}`);
      expect(answer.status).toBeLessThan(service.health === null ? 500 : 400);
      expect((await docker(engine, ["exec", name, "id", "-u"])).trim()).toBe("10001");

      const before = performance.now();
      await docker(engine, ["stop", "-t", "20", name]);
      expect(performance.now() - before).toBeLessThan(10_000);
      expect((await docker(engine, ["inspect", "-f", "{{.State.ExitCode}}", name])).trim()).toBe("0");
    },
    300_000,
  );
});

function write(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
