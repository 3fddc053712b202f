import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { githubActions } from "../kinds/github-actions/kind.ts";
import { gitlab } from "../kinds/gitlab/kind.ts";
import { jenkins } from "../kinds/jenkins/kind.ts";
import type { Plan } from "../plan.ts";
import { plan, service, variable } from "../testing.ts";
import { deliveryOf } from "./targets/registry.ts";

const file = (name: string, given: Plan) =>
  githubActions.render(given).find(({ path }) => path.endsWith(name))?.text ?? "";
const stepOf = (given: Plan, id: string) =>
  deliveryOf(given, "production").steps.find((step) => step.id === id)?.script ?? "";

/** A job of the pipeline of GitLab for a target. */
const job = (target: Plan["target"], name: string) =>
  (parse(gitlab.render(plan({ target, ci: "gitlab" }))[0]?.text ?? "") as Record<string, Record<string, unknown>>)[
    name
  ];

describe("the way back", () => {
  test.each([
    ["compose", "== 'success'"],
    ["kubernetes", "!= 'skipped' && steps.release.outcome != ''"],
    ["aws", "!= 'skipped' && steps.release.outcome != ''"],
  ] as const)("%s: where the release is undone by itself only what fails behind it calls for it", (target, outcome) => {
    const production = file("deploy-production.yml", plan({ target }));
    expect(production).toContain(`if: failure() && steps.release.outcome ${outcome}\n`);
    expect(jenkins.render(plan({ target }))[0]?.text).toMatch(
      target === "compose" ? /--yes\n +touch "\$WORK\/released"/ : /touch "\$WORK\/released"\n/,
    );
  });

  test.each(["compose", "railway", "kubernetes", "aws", "gcp", "azure"] as const)(
    "%s has one, and a test",
    (target) => {
      for (const services of [
        plan().services,
        [service("mail", { role: "worker", kind: "worker", port: null, health: null })],
      ]) {
        const given = plan({ target, services, stores: [] });
        const production = file("deploy-production.yml", given);
        expect(production).toMatch(/^ +- id: rollback$/m);
        if (target !== "compose" || services.length > 1) expect(production).toMatch(/^ +- id: smoke$/m);
      }
    },
  );

  test("a preview of Vercel has no address but its own; production is asked at its domain", () => {
    const given = plan({ target: "vercel" });
    expect(file("deploy-staging.yml", given)).not.toContain("staging.shop.example.com");
    expect(file("deploy-production.yml", given)).toContain("https://shop.example.com");
  });

  test("nothing is written where the target runs nothing", () => {
    const services = [service("mail", { role: "worker", kind: "worker", port: null, health: null })];
    const files = githubActions.render(plan({ target: "vercel", services, stores: [] }));
    expect(files.map(({ path }) => path).join(" ")).not.toMatch(/deploy|preview/);
    expect(files.flatMap(({ notes = [] }) => notes).join("\n")).toContain("Vercel runs pages and functions only");
  });
});

describe("clouds get what the files of Terraform made", () => {
  const nightly = [{ name: "report", schedule: "0 3 * * *", command: "node report.js" }];
  const services = plan().services.map((one) => (one.name === "api" ? { ...one, crons: nightly } : one));

  test("AWS: every program, the migration in its own task, pages in their bucket", () => {
    const given = plan({ target: "aws", services });
    const define = stepOf(given, "define");
    for (const name of ["api", "api-worker", "api-report", "api-migrate"])
      expect(define).toContain(`define shop-production-${name} "$ECR_REGISTRY/shop-production/api@\${API_IMAGE##*@}"`);
    expect(stepOf(given, "migrate-api")).toContain('--task-definition "$(cat "$WORK/api-migrate.next")"');
    expect(stepOf(given, "migrate-api")).not.toContain("--overrides");
    expect(stepOf(given, "release")).toContain('aws s3 cp --recursive --quiet "$WORK/web" "s3://$WEB_BUCKET"');
    expect(stepOf(given, "copy")).not.toContain("WEB_IMAGE");
  });

  test("Google Cloud: services, worker pools, jobs, pages", () => {
    const given = plan({ target: "gcp", services });
    expect(stepOf(given, "candidate")).toContain("gcloud run deploy shop-production-api ");
    expect(stepOf(given, "candidate")).not.toContain("web");
    expect(stepOf(given, "release")).toContain("gcloud run worker-pools update shop-production-api-worker ");
    expect(stepOf(given, "release")).toContain("gcloud run jobs update shop-production-api-report ");
    expect(stepOf(given, "release")).toContain('gcloud storage rsync --recursive "$WORK/web" "gs://$WEB_BUCKET"');
  });

  test("Azure: apps, jobs, pages", () => {
    const given = plan({ target: "azure", services });
    expect(stepOf(given, "release")).toContain("az containerapp update --name api-worker-production ");
    expect(stepOf(given, "release")).toContain("az containerapp job update --name api-report-production ");
    expect(stepOf(given, "release")).toContain("--destination '$web' --overwrite");
    expect(stepOf(given, "release")).not.toContain("--name web-production");
  });

  test("their environments have the names that the clouds trust", () => {
    const environments = [{ name: "live", target: "aws" as const, branch: null, production: true, preview: false }];
    expect(file("deploy-production.yml", plan({ target: "aws", environments }))).toContain("name: production\n");
    expect(file("deploy-production.yml", plan({ environments }))).toContain("name: live\n");
  });
});

describe("what has to be set", () => {
  test("names that GitHub keeps for itself are others there, and the same for the application", () => {
    const env = [variable("GITHUB_CLIENT_SECRET", { class: "secret" })];
    const given = plan({ services: [service("api", { env })], stores: [] });
    const staging = file("deploy-staging.yml", given);
    expect(staging).toContain("SECRET_GITHUB_CLIENT_SECRET: ${{ secrets.APP_GITHUB_CLIENT_SECRET }}");
    expect(staging).toContain('> "$WORK/secrets/GITHUB_CLIENT_SECRET"');
    const notes = githubActions.render(given).flatMap((one) => one.notes ?? []);
    expect(notes.join("\n")).toContain("secret APP_GITHUB_CLIENT_SECRET");
  });

  test("what the build needs is no setting of an environment: it runs outside of them", () => {
    const given = plan({ services: [service("api", { image: "api" })], stores: [] });
    const notes = githubActions.render(given).flatMap((one) => one.notes ?? []);
    for (const name of ["REGISTRY", "REGISTRY_USER", "REGISTRY_PASSWORD"])
      expect(notes.join("\n")).toMatch(new RegExp(` ${name} \\([^)]*; set it for the repository\\)`));
  });

  test("what is compiled in is told to be the same everywhere, where one image runs everywhere", () => {
    const env = [variable("NEXT_PUBLIC_API_URL", { class: "public", phase: "build" })];
    const notes = (given: Plan) => githubActions.render(given).flatMap((one) => one.notes ?? []);
    const told = /same image, so what is compiled into it is the same too \(NEXT_PUBLIC_API_URL\)/;
    expect(notes(plan({ services: [service("web", { env })], stores: [] })).join("\n")).toMatch(told);
    expect(notes(plan({ services: [service("web")], stores: [] })).join("\n")).not.toMatch(/same image, so what/);
  });

  test("images reach the Compose file by their variables", () => {
    expect(file("deploy-production.yml", plan())).toMatch(
      /name: Deploy to production\n +env:\n +API_IMAGE: ghcr\.io\/acme\/shop\/api@\$\{\{ steps\.images\.outputs\.api \}\}\n/,
    );
  });

  test("Jenkins: who copies images is logged in, and nothing secret stays on the agent", () => {
    const text = jenkins.render(plan({ target: "aws" }))[0]?.text ?? "";
    const staging = text.slice(text.indexOf("stage('Staging')"), text.indexOf("stage('Production')"));
    expect(staging).toContain("credentialsId: 'registry'");
    expect(staging).toContain('docker login "ghcr.io"');
    expect(staging).toMatch(/cleanup \{\n +sh 'rm -rf "\$WORK"'/);
    expect(staging).toMatch(/cleanup \{\n.*\n +sh 'docker logout "ghcr\.io" \|\| true'/);
    expect(text).toContain('docker buildx rm --force "build-$BUILD_NUMBER"');
  });

  test("Jenkins: the commit comes from git, as `checkout scm` sets no variable of the shell", () => {
    const text = jenkins.render(plan())[0]?.text ?? "";
    expect(text).not.toContain("GIT_COMMIT");
    expect(text).toMatch(/RELEASE=\$\(git rev-parse HEAD\)\n +echo "export RELEASE=\$RELEASE" > "\$WORK\/images\.sh"/);
    expect(text).toMatch(/--tag "ghcr\.io\/acme\/shop\/api:sha-\$RELEASE"/);
    // Without images nothing hands it on.
    const vercel = jenkins.render(plan({ target: "vercel", services: [service("web")], stores: [] }))[0]?.text ?? "";
    expect(vercel).toContain("RELEASE=$(git rev-parse HEAD)");
  });

  test("images of a change are tried before it is merged, everywhere", () => {
    const build = "docker build --file api/Dockerfile api";
    const trial = job("compose", "build-trial");
    expect(trial).toMatchObject({ rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }] });
    expect(trial?.script).toContain(build);
    expect(file("ci.yml", plan())).toContain(build);
    expect(jenkins.render(plan())[0]?.text).toMatch(new RegExp(`not \\{ branch 'main' \\}[\\s\\S]*?${build}`));
  });
});

describe("GitLab", () => {
  test("the same stages: checks, scans of four kinds, one build, staging, production on a click", () => {
    const text = gitlab.render(plan({ ci: "gitlab" }))[0]?.text ?? "";
    for (const name of [
      "test-api",
      "scan-packages",
      "scan-secrets",
      "scan-code",
      "scan-images",
      "build",
      "deploy-staging",
    ])
      expect(text).toMatch(new RegExp(`^${name}:$`, "m"));
    expect(job("compose", "deploy-production")).toMatchObject({
      needs: ["build", "deploy-staging"],
      rules: [{ when: "manual" }],
      resource_group: "production",
    });
  });

  test("who takes pages out of an image has an engine for it", () => {
    expect(job("aws", "deploy-staging")).toMatchObject({
      services: [{ alias: "docker" }],
      variables: { DOCKER_HOST: "tcp://docker:2376" },
    });
    expect(job("kubernetes", "deploy-staging")?.services).toBeUndefined();
  });

  test("nothing secret stays on the runner", () => {
    for (const target of ["compose", "kubernetes"] as const)
      expect(job(target, "deploy-production")?.after_script).toEqual(expect.arrayContaining(['rm -rf "$WORK"']));
  });
});

describe("scripts, with programs that only say what they are asked", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "delivery-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (script: string, programs: Record<string, string>, env: Record<string, string> = {}) => {
    for (const [name, body] of Object.entries({ sleep: "", ...programs })) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> "$WORK/asked"\n${body}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const { status, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", script], {
      encoding: "utf8",
      env: { PATH: `${folder}:${process.env.PATH}`, WORK: folder, ...env },
    });
    return { status, stderr, asked: readFileSync(join(folder, "asked"), "utf8") };
  };
  const back = (given: Plan) => deliveryOf(given, "production").rollback?.script ?? "";

  test("Kubernetes goes back to exactly the revision before, and nowhere before the first release", () => {
    const given = plan({ target: "kubernetes" });
    const { status } = run(stepOf(given, "previous"), { kubectl: 'case "$*" in *deployment?api?-*) printf 7 ;; esac' });
    expect(status).toBe(0);
    const { asked } = run(back(given), { kubectl: "" });
    expect(asked).toContain("rollout undo deployment/api --to-revision=7");
    expect(asked).not.toContain("rollout undo deployment/web");
  });

  test("Kubernetes does not wait for a migration that failed", () => {
    const { status, asked } = run(stepOf(plan({ target: "kubernetes" }), "migrate"), {
      kubectl: 'case "$*" in *"get job"*) printf "FailureTarget Failed" ;; esac',
    });
    expect(status).not.toBe(0);
    expect(asked).toContain("logs job/api-migrate");
    expect(asked.match(/get job/g)).toHaveLength(1);
  });

  test.each([
    ["SUCCESS", 0],
    ["CRASHED", 1],
  ])("Railway: a deployment that is %s ends the release with %i", (state, code) => {
    const given = plan({ target: "railway", services: [service("api")], stores: [] });
    const railway = `case "$*" in *list*) echo '[{"id": "d2", "status": "${state}"}]' ;; esac`;
    expect(run(stepOf(given, "release"), { railway }).status).toBe(code);
  });

  test("AWS: a service that went back by itself is no release", () => {
    const given = plan({ target: "aws", services: [service("api")], stores: [] });
    for (const [now, code] of [
      ["arn:2", 0],
      ["arn:1", 1],
    ] as const) {
      writeFileSync(join(folder, "api.next"), "arn:2\n");
      const aws = `case "$*" in *describe-services*) echo ${now} ;; esac`;
      expect(run(stepOf(given, "release"), { aws }).status).toBe(code);
    }
  });
});
