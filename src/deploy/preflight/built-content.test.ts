import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { git as runGit } from "../../../test/lab/repository.ts";
import { ServiceSchema } from "../../config/schema.ts";
import { createLocalHost } from "../../exec/local-host.ts";
import { describeService as describeCompose } from "../../platforms/compose/describe.ts";
import { createDocker } from "../../platforms/compose/docker/client.ts";
import type { Places } from "../../platforms/compose/places.ts";
import type { ComposeProject } from "../../platforms/compose/project-file.ts";
import { describeService } from "../desired.ts";
import { contentOf, untested } from "./content.ts";

const FILE = `
services:
  web: {build: ., command: serve, volumes: ["data:/data"], networks: [default], ports: ["3000"]}
  db: {image: postgres, volumes: ["data:/data"]}
volumes: {data: }
`;

const root = mkdtempSync(join(tmpdir(), "stationmaster-content-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const host = createLocalHost();
const place = { name: "local", host, docker: createDocker(host), folder: join(root, "host") };
const places = { names: () => ["local"], home: () => "local", at: async () => place } as unknown as Places;

async function content(environment: string, from: { branch?: string; tag?: string }, file = FILE) {
  const service = ServiceSchema.parse({ env: { STAGE: environment } });
  const settings = {
    platform: "compose",
    hosts: ["local"],
    routes: {},
    trusted_proxies: [],
    ...from,
  } as unknown as ComposeProject["settings"];
  const folder = join(root, "project");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "compose.yaml"), file);
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
  const project: ComposeProject = {
    ...{ root: folder, manifestFile: join(folder, "stationmaster.yaml"), repository: join(root, "repository") },
    ...{ services: { web: service }, settings, variable: () => undefined },
  };
  const context = { signal: AbortSignal.timeout(60_000) };
  const described = await describeCompose("web", { project, places, app: "shop", environment }, context);
  return contentOf({ web: describeService(service, {}, { described, secrets: "" }) });
}

test("one commit, or the same files, are the same content in staging and production; another commit is not", async () => {
  const repository = join(root, "repository");
  const git = (...args: string[]) => runGit(repository, ...args);
  mkdirSync(repository);
  await git("init", "--quiet");
  await git("commit", "--quiet", "--allow-empty", "-m", "one");
  await git("tag", "v1.0.0");
  const staging = await content("staging", { branch: "main" });
  expect(untested(await content("production", { tag: "v*" }), staging)).toEqual([]);
  const other = FILE.replace("serve", "work");
  expect(untested(await content("production", { tag: "v*" }, other), staging)).toEqual(["web"]);
  await git("commit", "--quiet", "--allow-empty", "-m", "two");
  await git("tag", "v1.1.0");
  expect(untested(await content("production", { tag: "v*" }), staging)).toEqual(["web"]);

  expect(untested(await content("production", {}), await content("staging", {}))).toEqual([]);
});
