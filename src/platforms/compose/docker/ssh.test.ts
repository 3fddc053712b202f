import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../../../test/lab/until.ts";
import { appImage } from "../../../../test/labs/docker.ts";
import { type HostsLab, missingHosts, openHosts } from "../../../../test/labs/hosts.ts";
import { findProgram } from "../../../../test/labs/missing.ts";
import type { Host } from "../../../exec/host.ts";
import { createLocalHost } from "../../../exec/local-host.ts";
import { openHost } from "../../../exec/open-host.ts";
import { transferImage } from "./builds.ts";
import { createDocker, type Docker } from "./client.ts";
import { hostFacts } from "./host-facts.ts";
import { hasImage, pullImage, resolveDigest } from "./images.ts";
import { ensureNetwork } from "./networks.ts";
import { specOf } from "./testing.ts";
import { createUnits } from "./units.ts";

const missing = missingHosts();
if (missing) console.log(`skipped: ${missing}`);
const registry = findProgram("docker-registry") !== undefined;
if (!registry) console.log("skipped: digests of a registry: docker-registry is not installed");

describe.skipIf(missing)("a host over SSH", () => {
  let lab: HostsLab;
  let host: Host;
  let docker: Docker;
  /** The host's engine as another one of this machine. */
  let here: Docker;
  const folder = mkdtempSync(join(tmpdir(), "sms-"));

  beforeAll(async () => {
    lab = await openHosts({ count: 2, registry });
    host = openHost("h1", { controlDir: join(folder, "c"), configFile: lab.sshConfig });
    docker = createDocker(host);
    here = createDocker(createLocalHost(), ["docker", "-H", lab.hosts[1]?.docker.host ?? ""]);
  }, 120_000);
  afterAll(async () => {
    await host?.close();
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test("gets an image, runs it, tells its log and its figures", async () => {
    const image = await appImage(lab.hosts[1]?.docker ?? { host: "" }, { version: "v1" });
    await transferImage(here, [docker], { image, folder });
    expect(await hasImage(docker, image)).toBe(true);

    const units = createUnits({ docker, folder: "/var/lib/stationmaster/shop/run" });
    const gateway = await ensureNetwork(docker, "shop-prod", { app: "shop", env: "prod" });
    expect(gateway).toMatch(/^10\.89\./);
    const labels = {
      ...{ app: "shop", env: "prod", service: "web", unit: "web-1", release: "r1" },
      ...{ rollout: "ro-1", generation: 1, role: "stable" as const },
    };
    const environment = { TOKEN: "s3cr3t $x 'y'", RELEASE: "v1" };
    const spec = specOf("services: {web: {image: app}}");
    const unit = { id: "web-1", spec, image, port: 8080, environment, labels, network: "shop-prod", project: "shop" };
    const { port } = await units.start(unit);
    const near = await host.forwardPort(port ?? 0);
    const answer = await until("an answer", () => fetch(`http://127.0.0.1:${near}/`));
    expect(answer.headers.get("x-release")).toBe("v1");
    const left = await host.run(["ls", "-A", "/var/lib/stationmaster/shop/run"], { deadlineMs: 20_000 });
    expect(left.stdout).toBe("");
    expect((await hostFacts(docker, "/var/lib/stationmaster")).ports.has(port ?? 0)).toBe(true);
    expect((await units.usage(["web-1"])).get("web-1")?.memoryBytes).toBeGreaterThan(1e6);

    const lines: string[] = [];
    const end = new AbortController();
    const options = { lines: 100, onLine: ({ text }: { text: string }) => lines.push(text), signal: end.signal };
    const following = units.follow("web-1", options);
    await docker.call(["exec", "web-1", "sh", "-c", "echo hello > /proc/1/fd/2"], { step: "write" });
    await until("the line", () => lines.includes("hello"));
    end.abort();
    await following;
    expect((await units.tail("web-1", 1)).map(({ text }) => text)).toEqual(["hello"]);
    expect(await units.stop("web-1", 10_000)).toBe("SIGTERM");
  }, 120_000);

  test.skipIf(!registry)(
    "a tag becomes the digest it has now, which a pull brings back",
    async () => {
      const name = `${lab.registry}/shop/web`;
      const push = async (image: string) => await here.call(["push", image], { step: "push", deadlineMs: 60_000 });
      const engine = lab.hosts[1]?.docker ?? { host: "" };
      const first = await appImage(engine, { version: "v1", name });
      await push(first);
      const digest = await resolveDigest(docker, first);
      expect(digest).toMatch(new RegExp(`^${name}@sha256:[0-9a-f]{64}$`));

      await here.call(["tag", await appImage(engine, { version: "v2", name }), first], { step: "move the tag" });
      await push(first);
      expect(await resolveDigest(docker, first)).not.toBe(digest);

      await docker.call(["image", "rm", "--force", digest], { step: "remove" });
      await pullImage(docker, digest);
      expect(await hasImage(docker, digest)).toBe(true);
      await expect(pullImage(docker, `${name}:nosuch`)).rejects.toMatchObject({
        code: "SM-IMAGE-MISSING",
        message: expect.stringContaining(`h1: pull ${name}:nosuch: `),
      });
    },
    120_000,
  );
});
