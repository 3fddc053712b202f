import { describe, expect, test } from "vitest";
import { kubernetesSchema } from "../../validators/kubernetes.ts";
import { judge, validated } from "../testing.ts";
import { KUBERNETES_RULES } from "./index.ts";
import { BARE, CLEAN, JOB, PATH } from "./testing.ts";

describe("sound manifests", () => {
  test("an application with all that belongs to it", async () => {
    const files = { [PATH]: CLEAN, "deploy/k8s/base/migrate.yaml": JOB };
    expect(judge(KUBERNETES_RULES, files)).toEqual([]);
    expect(await validated(kubernetesSchema, files)).toEqual([]);
  });

  test("parts of it in several files of a kustomization, with patches", async () => {
    const [first = "", ...others] = CLEAN.split("---\n");
    const files = {
      "deploy/k8s/base/kustomization.yaml": "resources: [deployment.yaml, rest.yaml]\n",
      "deploy/k8s/base/deployment.yaml": first,
      "deploy/k8s/base/rest.yaml": others.join("---\n"),
      "deploy/k8s/overlays/production/kustomization.yaml":
        "resources: [../../base]\nnamespace: production\npatches:\n  - path: memory.yaml\n  - path: ./json.yaml\n    target: { kind: Deployment }\npatchesStrategicMerge: [env.yaml]\n",
      "deploy/k8s/overlays/production/memory.yaml":
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n      containers: [{ name: api, resources: { limits: { memory: 1Gi } } }]\n",
      "deploy/k8s/overlays/production/env.yaml":
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  replicas: 4\n  template:\n    spec:\n      containers: [{ name: api, env: [{ name: MODE, value: production }] }]\n",
    };
    expect(judge(KUBERNETES_RULES, files)).toEqual([]);
    expect(await validated(kubernetesSchema, files)).toEqual([]);
  });

  test("a service of its own without pods in the tree: they may come from a chart", () => {
    const files = {
      [PATH]:
        "apiVersion: v1\nkind: Service\nmetadata: { name: db }\nspec: { selector: { cnpg.io/cluster: db }, ports: [{ port: 5432 }] }\n",
    };
    expect(judge(KUBERNETES_RULES, files)).toEqual([]);
  });

  test("kinds of others are not judged", async () => {
    const files = {
      [PATH]:
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: x }\nspec: { template: { spec: { containers: [{ name: a, image: a }] } } }\n---\napiVersion: tekton.dev/v1\nkind: Job\nspec: 3\n",
    };
    expect(judge(KUBERNETES_RULES, files)).toEqual([]);
    expect(await validated(kubernetesSchema, files)).toEqual([]);
  });
});

test("a bare manifest gets each complaint once", () => {
  const found = judge(KUBERNETES_RULES, { "worker.yaml": BARE });
  expect(found.map((line) => line.slice(0, 12))).toEqual([
    "SM32 warning",
    "SM33 warning",
    "SM34 warning",
    "SM35 warning",
    "SM36 warning",
    "SM37 warning",
    "SM38 warning",
    "SM38 warning",
    "SM40 warning",
    "SM44 note wo",
    "SM48 note wo",
  ]);
});

test.each([
  [
    "files of its own",
    BARE.replace("containers:", "volumes: [{ name: d, persistentVolumeClaim: { claimName: d } }], containers:"),
  ],
  ["a leader", BARE.replace('"acme/worker:1"', '"acme/worker:1", args: [--leader-elect]')],
  ["recreated", BARE.replace("spec:\n  sel", "spec:\n  strategy: { type: Recreate }\n  sel")],
  ["scaled to nothing", BARE.replace("spec:\n  sel", "spec:\n  replicas: 0\n  sel")],
])("one pod is right: %s", (_, text) => {
  expect(judge(KUBERNETES_RULES, { "worker.yaml": text }).filter((line) => line.startsWith("SM40"))).toEqual([]);
});

test("a kustomization gives counts, tags and labels", () => {
  const found = judge(KUBERNETES_RULES, {
    "base/worker.yaml": BARE.replace("acme/worker:1", "acme/worker"),
    "base/Kustomization":
      "images: [{ name: acme/worker, newTag: '7' }]\nreplicas: [{ name: worker, count: 3 }]\nlabels: [{ pairs: { app.kubernetes.io/name: w } }]\n",
  });
  expect(found.filter((line) => /^SM4[06] |^SM48/.test(line))).toEqual([
    expect.stringMatching(/^SM40 warning .*one node/),
  ]);
});

test("Skaffold gives images their tags", () => {
  const text = BARE.replace("acme/worker:1", "worker");
  const told = (files: Record<string, string>) =>
    judge(KUBERNETES_RULES, files).filter((line) => line.startsWith("SM46"));
  expect(told({ "k8s/worker.yaml": text })).toHaveLength(1);
  expect(told({ "k8s/worker.yaml": text, "skaffold.yaml": "apiVersion: skaffold/v4beta6" })).toEqual([]);
});

test("Windows has neither users with numbers nor system calls", () => {
  const text = BARE.replace("containers:", "nodeSelector: { kubernetes.io/os: windows }, containers:");
  expect(judge(KUBERNETES_RULES, { "worker.yaml": text }).filter((line) => /^SM3[2-6]/.test(line))).toEqual([]);
});

test.each([
  ["plain", "stringData:\n  api-token: Zx81kQpL0vB7tR2m\n", 1],
  ["base64", `data:\n  password: ${Buffer.from("Zx81kQpL0vB7tR2m").toString("base64")}\n`, 1],
  ["placeholders", "stringData:\n  password: changeme\n  token: ${TOKEN}\n", 0],
  ["sealed by SOPS", "stringData:\n  password: ENC[AES256_GCM,data:x]\nsops: { mac: x }\n", 0],
  ["a certificate's file name", "stringData:\n  tls.crt: x\n", 0],
])("values of a Secret: %s", (_, lines, count) => {
  const text = `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n${lines}`;
  expect(judge(KUBERNETES_RULES, { "s.yaml": text })).toHaveLength(count);
});

test("a Job that stays", () => {
  expect(judge(KUBERNETES_RULES, { "j.yaml": JOB.replace("  ttlSecondsAfterFinished: 3600\n", "") })).toEqual([
    expect.stringMatching(/^SM47 note .*ttlSecondsAfterFinished/),
  ]);
});

test("environments may have a Service of one name each", () => {
  const service = (port: number) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: ${port} }] }\n`;
  const ingress = (port: number) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec: { ingressClassName: n, tls: [{}], defaultBackend: { service: { name: web, port: { number: ${port} } } } }\n`;
  const files = {
    "dev/s.yaml": service(80),
    "live/s.yaml": service(81),
    "dev/i.yaml": ingress(80),
    "live/i.yaml": ingress(81),
  };
  expect(judge(KUBERNETES_RULES, files)).toEqual([]);
  expect(judge(KUBERNETES_RULES, { ...files, "live/i.yaml": ingress(82) })).toEqual([
    expect.stringMatching(/^SM43 error live\/i\.yaml:4 Service web has no port 82/),
  ]);
});

test("objects of a List have their places", () => {
  const text = `apiVersion: v1\nkind: List\nitems:\n  - ${BARE.replace("worker:1", "worker").trimEnd().replaceAll("\n", "\n    ")}\n`;
  expect(judge(KUBERNETES_RULES, { "l.yaml": text })).toContainEqual(
    expect.stringMatching(/^SM46 warning l\.yaml:11 acme\/worker is/),
  );
});

test.each([
  "apiVersion: v1\nkind: Pod\n",
  "apiVersion: apps/v1\nkind: Deployment\nspec: 3\n",
  "apiVersion: apps/v1\nkind: Deployment\nspec: { template: { spec: { containers: [1, null, { env: 3, ports: x, resources: [] }] } } }\n",
  "apiVersion: v1\nkind: List\nitems: [1, { apiVersion: v1, kind: List, items: [] }]\n",
  "apiVersion: v1\nkind: Service\nspec: { selector: { a: b }, ports: 3 }\n---\n- 1\n---\n",
  "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: { egress: [1], ingress: [null] }\n",
  "apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: { minAvailable: [] }\n",
  "apiVersion: ../../x\nkind: constructor\n",
  "apiVersion: v1\nkind: Pod\nspec: &a { containers: [*a] }\n",
])("garbage %j never throws", async (text) => {
  const files = { "x.yaml": text, "kustomization.yaml": "patches: 3\nresources: [1]\nimages: x\n" };
  expect(() => judge(KUBERNETES_RULES, files)).not.toThrow();
  await expect(validated(kubernetesSchema, files)).resolves.toBeInstanceOf(Array);
});
