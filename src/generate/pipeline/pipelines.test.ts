import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { memoryTree } from "../../formats/tree.ts";
import { checkFiles } from "../../lint/check.ts";
import { expectedServices } from "../expected.ts";
import { githubActions } from "../kinds/github-actions/kind.ts";
import { gitlab } from "../kinds/gitlab/kind.ts";
import { jenkins } from "../kinds/jenkins/kind.ts";
import { prepare } from "../prepare.ts";
import { plan, service } from "../testing.ts";
import { manyPlans, treeWith } from "./testing.ts";

const KINDS = { "github-actions": githubActions, gitlab, jenkins };
/** Tags without a digest are told where they come from: the table of images. */
const KNOWN = /may change: add its digest/;

describe.each(Object.entries(KINDS))("%s", (_, kind) => {
  test.each(manyPlans())("%s: the same twice, and without findings", async (_name, given) => {
    const files = kind.render(given);
    expect(kind.render(given)).toEqual(files);
    expect(files.length).toBeGreaterThan(0);
    const found = await checkFiles({
      tree: treeWith(given, files),
      only: files.map(({ path }) => path),
      services: expectedServices(given),
      today: "2026-11-22",
    });
    expect(found.filter(({ message }) => !KNOWN.test(message))).toEqual([]);
    for (const { text, path } of files) {
      expect(text, path).toContain("Written by stationmaster generate");
      expect(text, path).not.toMatch(/undefined|\[object|NaN| +$/m);
    }
  });

  test("nothing for a repository without services", () => {
    expect(kind.render(plan({ services: [] }))).toEqual([]);
  });
});

describe("scripts", () => {
  const folder = mkdtempSync(join(tmpdir(), "pipelines-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const runs = manyPlans().flatMap(([name, given]) =>
    githubActions
      .render(given)
      .flatMap(({ path, text }) =>
        parseAllDocuments(text).flatMap((document) =>
          Object.values((document.toJS() as { jobs: Record<string, { steps: { run?: string }[] }> }).jobs).flatMap(
            ({ steps }) => steps.flatMap(({ run }) => (run === undefined ? [] : [[`${name} ${path}`, run] as const])),
          ),
        ),
      ),
  );
  test("of GitHub are bash", () => {
    const unique = [...new Map(runs.map(([name, run]) => [run, name]))];
    expect(unique.length).toBeGreaterThan(50);
    for (const [at, [run, name]] of unique.entries()) {
      const file = join(folder, `${at}.sh`);
      writeFileSync(file, run);
      const { stderr, status } = spawnSync("bash", ["-n", file], { encoding: "utf8" });
      expect(stderr, name).toBe("");
      expect(status, name).toBe(0);
    }
  }, 60_000);
});

test("the schema that others check pipelines of GitLab with", () => {
  const tool = join(
    dirname(createRequire(import.meta.url).resolve("gitlab-ci-local/package.json")),
    "dist",
    "index.js",
  );
  for (const [name, given] of manyPlans().filter(([name]) => /, compose$|^an API and pages, /.test(name))) {
    const folder = mkdtempSync(join(tmpdir(), "gitlab-"));
    try {
      for (const file of gitlab.render(given)) writeFileSync(join(folder, file.path), file.text);
      for (const args of [
        ["init", "--quiet", "--initial-branch=main"],
        ["remote", "add", "origin", "git@gitlab.example.com:acme/shop.git"],
        ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--allow-empty", "-m", "begin"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
        ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"],
      ])
        spawnSync("git", args, { cwd: folder });
      const { stdout, stderr, status } = spawnSync(process.execPath, [tool, "--list-json"], {
        cwd: folder,
        encoding: "utf8",
        timeout: 30_000,
      });
      expect(stderr + (status === 0 ? "" : stdout), name).not.toMatch(/error|invalid/i);
      expect(stderr, name).toContain("json schema validated");
      expect(status, name).toBe(0);
      expect(JSON.parse(stdout).map((job: { name: string }) => job.name)).toContain("deploy-staging");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}, 240_000);

describe("GitHub", () => {
  const file = (name: string, given = plan()) => githubActions.render(given).find(({ path }) => path.endsWith(name));

  test("production builds nothing and takes what staging marked", () => {
    const staging = file("deploy-staging.yml")?.text ?? "";
    const production = file("deploy-production.yml")?.text ?? "";
    expect(production).not.toMatch(/docker (?:buildx )?build /);
    expect(staging).toContain('--tag "ghcr.io/acme/shop/api:staging-$GITHUB_SHA" "$API_IMAGE"');
    expect(production).toContain('digest_of "ghcr.io/acme/shop/api"');
    expect(production).toContain("deploy production --strategy blue-green");
    expect(production).toMatch(/if: failure\(\) && steps\.release/);
  });

  test("a pipeline of people that tests already stays the only one", () => {
    const text = "on: [push]\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps: [{ run: npm test }]\n";
    const files = githubActions.render(plan({ tree: memoryTree({ ".github/workflows/tests.yml": text }) }));
    expect(files.map(({ path }) => path)).not.toContain(".github/workflows/ci.yml");
    expect(files.flatMap(({ notes = [] }) => notes).join("\n")).toContain(
      ".github/workflows/tests.yml runs the tests already",
    );
  });

  describe("a workflow of people that tests, without images", () => {
    const theirs = `# ours
on: { push: { branches: [main] }, pull_request: }
permissions: { contents: read }
concurrency: { group: "ci-\${{ github.ref }}", cancel-in-progress: true }
jobs:
    test:   # four spaces
        runs-on: ubuntu-24.04
        timeout-minutes: 5
        steps: [{ run: npm test }]
`;
    const path = ".github/workflows/ci.yml";
    const written = async (text: string | undefined, current: Record<string, string> = {}) => {
      const files: Record<string, string> = { ...current, ...(text === undefined ? {} : { [path]: text }) };
      const given = plan({ tree: memoryTree(files) });
      return await prepare({
        plan: given,
        current: (name) => files[name],
        today: "2026-11-22",
        kinds: ["github-actions"],
      });
    };

    test("gets a marked part, and keeps every byte of its own", async () => {
      const { files, findings } = await written(theirs);
      const file = files.find((one) => one.path === path);
      expect(file).toMatchObject({ action: "merge" });
      expect(file?.text?.startsWith(theirs)).toBe(true);
      expect(file?.text).toMatch(/# stationmaster: begin\n {4}# Written by stationmaster generate/);
      const { jobs } = parse(file?.text ?? "") as { jobs: Record<string, { steps: { run?: string }[] }> };
      expect(Object.keys(jobs)).toEqual(["test", "api-image", "web-image"]);
      expect(jobs["api-image"]?.steps.at(-1)?.run).toBe("docker build --file api/Dockerfile api");
      expect(findings.filter((one) => one.file === path)).toEqual([]);
      expect(files.filter((one) => one.proposed !== undefined)).toEqual([]);
      // Once more, with what was written: nothing changes.
      const base = { ".stationmaster/base/index.json": "" };
      expect((await written(file?.text, base)).files.find((one) => one.path === path)?.action).toBe("keep");
    });

    test("faults of theirs are told, and keep nothing from being written", async () => {
      const { findings, blocking } = await written(
        theirs.replace("npm test }", "npm test }, { uses: actions/checkout }"),
      );
      expect(findings).toContainEqual(expect.objectContaining({ rule: "SM20", severity: "error", file: path }));
      expect(blocking).toEqual([]);
    });

    test.each([
      ["images are built already", theirs.replace("npm test", "npm test && docker build .")],
      ["a job has that name", theirs.replace("    test:", "    api-image:")],
      ["something stands behind the jobs", `${theirs}defaults: { run: { shell: bash } }\n`],
      ["a second document", `${theirs}---\na: 1\n`],
      ["jobs in one line", "on: push\njobs: { test: { runs-on: ubuntu-24.04, steps: [{ run: npm test }] } }\n"],
      ["no YAML", `${theirs}  - [\n`],
    ])("stays as it is: %s", async (_, text) => {
      const { files, notes } = await written(text);
      expect(files.find((one) => one.path === path)).toBeUndefined();
      expect(notes.join("\n")).toContain(`${path} runs the tests already`);
    });
  });

  test.each([
    ["a lint only", "on: push\njobs: { lint: { steps: [{ run: npm run lint }] } }\n"],
    ["tests by hand", "on: workflow_dispatch\njobs: { a: { steps: [{ run: npm test }] } }\n"],
    ["broken", ":\n\t- ["],
  ])("%s is no pipeline that tests", (_, text) => {
    const files = githubActions.render(plan({ tree: memoryTree({ ".github/workflows/other.yml": text }) }));
    expect(files.map(({ path }) => path)).toContain(".github/workflows/ci.yml");
  });

  test("the version of the application's own file, and a cache by its lockfile", () => {
    const tree = memoryTree({ "api/.nvmrc": "22\n", "api/package-lock.json": "{}" });
    const ci = file("ci.yml", plan({ services: [service("api")], tree }))?.text ?? "";
    expect(ci).toContain("node-version-file: api/.nvmrc");
    expect(ci).toContain("cache-dependency-path: api/package-lock.json");
  });

  test("no secret stands anywhere but as a reference", () => {
    for (const { text } of githubActions.render(plan({ target: "kubernetes" })))
      for (const [, value] of text.matchAll(/(?:SECRET|TOKEN|PASSWORD|KUBECONFIG_DATA)\w*: (.+)$/gm))
        expect(value).toMatch(/^\$\{\{ (?:secrets|github)\./);
  });
});
