import { describe, expect, test } from "vitest";
import { memoryTree } from "../../formats/tree.ts";
import type { Kind } from "../kind.ts";
import { githubActions } from "../kinds/github-actions/kind.ts";
import { gitlab } from "../kinds/gitlab/kind.ts";
import { helm } from "../kinds/helm/kind.ts";
import { jenkins } from "../kinds/jenkins/kind.ts";
import { kubernetes } from "../kinds/kubernetes/kind.ts";
import { targetNames } from "../kinds/target-names.ts";
import { PLANS } from "../kinds/terraform/testing.ts";
import { vercel } from "../kinds/vercel/kind.ts";
import { type Plan, TARGETS } from "../plan.ts";
import { readBack } from "../readback.ts";
import { plan, service, variable } from "../testing.ts";

const PIPELINES = [githubActions, gitlab, jenkins];
const KINDS: Partial<Record<Plan["target"], readonly Kind[]>> = { kubernetes: [kubernetes, helm], vercel: [vercel] };
const CASES = TARGETS.flatMap((target) =>
  Object.entries(PLANS).map(([name, given]) => ({ target, name, given: plan({ ...given, target }) })),
);

/** What is said of the files of a plan after somebody changed them. */
function readAgain(
  given: Plan,
  edit: (path: string, text: string) => string = (_, text) => text,
  untouched = true,
): string[] {
  const files = Object.fromEntries(
    [...PIPELINES, ...(KINDS[given.target] ?? [])]
      .flatMap((kind) => kind.render({ ...given, ...(kind === gitlab ? { ci: "gitlab" } : {}) }))
      .filter(({ path }) => !path.endsWith(".proposed.json"))
      .map(({ path, text }) => [path, edit(path, text)]),
  );
  const written = Object.keys(files).map((path) => ({ path, untouched }));
  return readBack(given, memoryTree(files), written).map(
    ({ severity, file, line, message }) => `${severity} ${file}:${line} ${message.split(":")[0]}`,
  );
}

test.each(CASES)("$target: $name: what is read again is what was planned", ({ given }) => {
  expect(readAgain(given)).toEqual([]);
});

/** One change in one file, and what is said of it. */
function saidAfter(given: Plan, file: string, from: string | RegExp, to: string): string[] {
  let changed = false;
  const said = readAgain(
    given,
    (path, text) => {
      if (path !== file) return text;
      const next = text.replace(from, to);
      changed = next !== text;
      return next;
    },
    false,
  );
  expect(changed).toBe(true);
  return said;
}

const k8s = plan({ target: "kubernetes" });
const PRODUCTION = "deploy/k8s/overlays/production/kustomization.yaml";

describe("overlays", () => {
  const withPatch = (patch: string) => saidAfter(k8s, PRODUCTION, /$/, `patches:\n${patch}`);

  test.each([
    ["deploy/k8s/overlays/production/kustomization.yaml"],
    ["deploy/k8s/overlays/staging/migrate/kustomization.yaml"],
  ])("%s: an image of another name is replaced by nothing", (file) => {
    expect(saidAfter(k8s, file, "name: ghcr.io/acme/shop/api\n", "name: ghcr.io/acme/api\n")).toEqual([
      expect.stringMatching(
        /^error .*kustomization\.yaml:\d+ image of api is ghcr\.io\/acme\/api here, and ghcr\.io\/acme\/shop\/api in the plan/,
      ),
    ]);
  });

  test("replicas of production; those before it may differ", () => {
    const patch = (name: string, max: number) =>
      `  - target: { kind: HorizontalPodAutoscaler, name: ${name} }\n    patch: |\n      - { op: replace, path: /spec/minReplicas, value: 2 }\n      - { op: replace, path: /spec/maxReplicas, value: ${max} }\n`;
    expect(withPatch(patch("api", 10))).toEqual([]);
    expect(withPatch(patch("api", 30))).toEqual([
      expect.stringContaining("warning deploy/k8s/overlays/production/kustomization.yaml"),
    ]);
    expect(saidAfter(k8s, PRODUCTION.replace("production", "staging"), "value: 2\n", "value: 4\n")).toEqual([]);
  });

  test("ports and probes, by either form of a patch", () => {
    expect(
      withPatch(
        "  - target: { kind: Deployment, name: api }\n    patch: |\n      - { op: replace, path: /spec/template/spec/containers/0/readinessProbe/httpGet/path, value: /up }\n",
      ),
    ).toEqual([expect.stringContaining("health of api is /up here, and /healthz in the plan")]);
    expect(
      withPatch(
        "  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: api }\n      spec: { template: { spec: { containers: [{ name: api, ports: [{ containerPort: 9000 }] }] } } }\n",
      ),
    ).toEqual([expect.stringContaining("port of api is 9000 here")]);
  });

  test("garbage is no claim", () => {
    expect(
      saidAfter(k8s, PRODUCTION, /[\s\S]*/, "images: 3\npatches: [1, { patch: [2] }, { patch: '{', target: 4 }]\n"),
    ).toEqual([]);
  });
});

test("programs of other names are read too: schedules, migrations, services that the cluster calls otherwise", () => {
  const given = plan({
    target: "kubernetes",
    services: [
      service("Main_API", {
        crons: [{ name: "clean", schedule: "0 3 * * *", command: "node clean.js" }],
        migrations: { tool: "x", command: "m" },
        env: [variable("API_KEY", { class: "secret" })],
      }),
    ],
    stores: [],
  });
  const name = targetNames(given).services[0]?.name;
  for (const file of [`deploy/k8s/base/${name}.yaml`, "deploy/k8s/migrate/jobs.yaml"])
    expect(saidAfter(given, file, /image: ghcr\.io\/acme\/shop\/Main_API/g, "image: ghcr.io/acme/old")).toContainEqual(
      expect.stringContaining("image of Main_API is ghcr.io/acme/old here"),
    );
});

describe("pipelines", () => {
  const api = plan({
    target: "compose",
    services: [
      service("api", { env: [variable("API_KEY", { class: "secret" }), variable("COMMIT_NAME", { phase: "build" })] }),
    ],
    stores: [],
  });
  const FILES = [".github/workflows/deploy-staging.yml", "Jenkinsfile"];

  test.each(FILES)("%s: the image that is pushed and deployed", (file) => {
    const said = saidAfter(api, file, /ghcr\.io\/acme\/shop\/api:sha/, "ghcr.io/acme/old:sha");
    expect(said).toEqual([expect.stringContaining("image of api is ghcr.io/acme/old here")]);
    expect(saidAfter(api, file, /ghcr\.io\/acme\/shop\/api@/, "ghcr.io/acme/old@")).toEqual([
      expect.stringContaining("image of api is ghcr.io/acme/old here"),
    ]);
  });

  test.each([...FILES, ".gitlab-ci.yml"])("%s: arguments of the build, secrets, the path that is asked", (file) => {
    expect(saidAfter(api, file, /--build-arg COMMIT_NAME/g, "")).toEqual([
      expect.stringMatching(/^warning .* api reads COMMIT_NAME, which it does not get here/),
    ]);
    expect(saidAfter(api, file, /secrets\/API_KEY/g, "secrets/OTHER")).toEqual([
      expect.stringContaining("api reads API_KEY, which it does not get here"),
    ]);
    expect(saidAfter(api, file, /\$APP_URL\/healthz/, "$APP_URL/up")).toEqual([
      expect.stringContaining("health of api is /up here, and /healthz in the plan"),
    ]);
  });

  test("the name by which kustomize finds an image", () => {
    expect(
      saidAfter(k8s, ".github/workflows/deploy-production.yml", "shop/web=$WEB_IMAGE", "shop/pages=$WEB_IMAGE"),
    ).toEqual([expect.stringContaining("image of web is ghcr.io/acme/shop/pages here")]);
  });
});

test("Vercel: the folder of the pages, and variables where it lists some", () => {
  const given = plan({ target: "vercel" });
  expect(saidAfter(given, "web/vercel.json", '"outputDirectory": "dist"', '"outputDirectory": "build"')).toEqual([
    expect.stringContaining("output of web is build here, and dist in the plan"),
  ]);
  expect(saidAfter(given, "web/vercel.json", "{", '{ "build": { "env": { "OTHER": "1" } },')).toEqual([
    expect.stringContaining("web reads VITE_API_URL, which it does not get here"),
  ]);
  expect(saidAfter(given, "web/vercel.json", /[\s\S]*/, "[1")).toEqual([]);
});
