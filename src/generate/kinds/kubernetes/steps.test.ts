import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { recordAt } from "../../../formats/document.ts";
import { parseYaml, parseYamlStream } from "../../../formats/yaml.ts";
import type { Plan } from "../../plan.ts";
import { plan, service, variable } from "../../testing.ts";
import { helm } from "../helm/kind.ts";
import { kubernetes } from "./kind.ts";

const textOf = (given: Plan, end: string) =>
  kubernetes.render(given).find(({ path }) => path.endsWith(end))?.text ?? "";
const given = plan({ target: "kubernetes" });

test("the steps to a first release stand in order in the files of each environment, and in the notes", () => {
  for (const environment of ["staging", "production"]) {
    const text = textOf(given, `overlays/${environment}/kustomization.yaml`);
    const steps = text.split("\n").filter((line) => /^# \d+\. /.test(line));
    expect(steps.map((line) => line.split(/[ .]/)[1])).toEqual(steps.map((_, index) => `${index + 1}`));
    expect(steps.map((line) => line.replace(/^# \d+\. /, ""))).toEqual([
      expect.stringContaining("the cluster has an ingress controller"),
      `kubectl apply -f deploy/k8s/overlays/${environment}/namespace.yaml`,
      "make db (postgres 16), cache (redis) where the cluster reaches them: these files hold no data",
      `kubectl -n shop-${environment} create secret generic api-env --from-env-file=api.env`,
      expect.stringContaining(`kubectl -n shop-${environment} create secret docker-registry registry `),
      expect.stringMatching(/kustomize edit set image ghcr.io\/acme\/shop\/api=ghcr.io\/acme\/shop\/api@sha256:DIGEST/),
      `kubectl -n shop-${environment} delete job/api-migrate --ignore-not-found`,
      `kubectl apply -k deploy/k8s/overlays/${environment}`,
    ]);
    expect(text).toContain("api.env is not committed, holds DATABASE_URL, REDIS_URL, SESSION_SECRET, SITE_URL\n");
  }
  const notes = kubernetes.render(given).flatMap((file) => file.notes ?? []);
  expect(notes.filter((note) => note.startsWith("before the first release")).map((note) => note.slice(0, 40))).toEqual([
    "before the first release, 1: the cluster",
    "before the first release, 2: kubectl app",
    "before the first release, 3: make db (po",
    "before the first release, 4: kubectl -n ",
    "before the first release, 5: where the r",
  ]);
  expect(notes.some((note) => note.startsWith("then the pipeline releases"))).toBe(true);
});

test("the commands of the steps are commands", () => {
  for (const name of ["production/kustomization.yaml", "staging/kustomization.yaml"]) {
    const lines = textOf(given, name)
      .split("\n")
      .filter((line) => line.startsWith("# ") && /kubectl (?:-n|apply)|\(cd /.test(line))
      .map((line) => line.replace(/^#\s+(?:\d+\. )?(?:where the registry wants a password: )?/, ""));
    expect(lines.length).toBeGreaterThan(7);
    const { status, stderr } = spawnSync("sh", ["-n"], { input: lines.join("\n"), encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  }
});

test("the chart has its own steps, with values that it knows", () => {
  const values = helm.render(given).find(({ path }) => path.endsWith("values.yaml"))?.text ?? "";
  expect(values).toContain("# 2. kubectl create namespace shop-production\n");
  const keys = [...values.matchAll(/--set ([\w.]+)=/g)].map(([, key = ""]) => key.split("."));
  expect(keys).toHaveLength(2);
  for (const path of keys) expect(recordAt(parseYaml(values).value, path.slice(0, -1))).toHaveProperty("image");
});

const keys = (required: boolean) =>
  ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => variable(name, { class: "secret", required }));
const storage: Plan["stores"] = [
  { name: "storage", kind: "s3", version: null, variables: ["S3_BUCKET"], extensions: [] },
];

test.each([
  ["keys that a role may stand in for", keys(false), ["0.0.0.0/0", "169.254.170.23/32"]],
  ["keys of its own", keys(true), ["0.0.0.0/0"]],
] as const)("object storage with %s", (_, env, expected) => {
  const services = [
    service("api", { stores: ["storage"], env: [...env, variable("S3_BUCKET", { store: "storage" })] }),
  ];
  const files = kubernetes.render(plan({ target: "kubernetes", services, stores: storage }));
  const policies = parseYamlStream(files.find(({ path }) => path.endsWith("network.yaml"))?.text ?? "").map(
    ({ value }) => recordAt(value),
  );
  const out = recordAt(policies.find(({ metadata }) => recordAt(metadata).name === "api-out")?.spec);
  const rules = out.egress as { to: { ipBlock: { cidr: string; except?: string[] } }[]; ports: { port: number }[] }[];
  expect(rules.map(({ to }) => to[0]?.ipBlock.cidr)).toEqual(expected);
  expect(rules[0]).toMatchObject({ to: [{ ipBlock: { except: ["169.254.0.0/16"] } }], ports: [{ port: 443 }] });
  const role = files.flatMap((file) => file.notes ?? []).filter((note) => note.includes("give it to the account api"));
  expect(role).toHaveLength(expected.length - 1);
});

test("names are asked of the cluster and of the cache on the node, of nobody else", () => {
  const dns = textOf(given, "base/network.yaml").split("---\n")[1] ?? "";
  expect(recordAt(parseYaml(dns).value, ["spec"]).egress).toEqual([
    {
      to: [
        { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } },
        { ipBlock: { cidr: "169.254.20.10/32" } },
      ],
      ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
    },
  ]);
});

const django = plan({
  target: "kubernetes",
  services: [
    service("shop", {
      framework: "django",
      answered: { variable: "ALLOWED_HOSTS", separator: ",", hosts: [] },
      health: "/health/",
      processes: [
        { name: "worker", command: "celery -A shop worker" },
        { name: "beat", command: "celery -A shop beat" },
      ],
    }),
  ],
  stores: [],
});

test("who answers only under hosts it knows is probed under its own, in staging too", () => {
  expect(
    textOf(django, "base/shop.yaml").match(/httpHeaders:\n +- name: Host\n +value: shop\.example\.com\n/g),
  ).toHaveLength(3);
  expect(
    textOf(django, "overlays/staging/kustomization.yaml").match(
      /httpHeaders\/0\/value\n +value: staging\.shop\.example\.com\n/g,
    ),
  ).toHaveLength(3);
  expect(textOf(given, "base/api.yaml")).not.toContain("httpHeaders");
});

test("staging changes only what there is: a clock has no autoscaler", () => {
  const text = textOf(django, "overlays/staging/kustomization.yaml");
  expect(text).toContain("name: shop-worker\n");
  expect(text).not.toContain("shop-beat");
});

test("pods are spread over zones and nodes, and clocks run by UTC", () => {
  const clock = plan({
    target: "kubernetes",
    services: [service("api", { crons: [{ name: "clean", schedule: "0 3 * * *", command: "node clean.js" }] })],
    stores: [],
  });
  const text = textOf(clock, "base/api.yaml");
  expect(text.match(/topologyKey: .*/g)).toEqual([
    "topologyKey: topology.kubernetes.io/zone",
    "topologyKey: kubernetes.io/hostname",
  ]);
  expect(text).toContain("schedule: 0 3 * * *\n  timeZone: Etc/UTC\n");
});

test("files say why, where that is not plain", () => {
  expect(textOf(given, "base/api.yaml")).toMatch(/# No replicas here: the autoscaler counts them\.\n +strategy:/);
  expect(textOf(given, "base/api.yaml")).toMatch(/# Memory is never taken away[^\n]*\n +resources:/);
  expect(textOf(given, "base/network.yaml")).toMatch(/# Rented stores and the services of others[^\n]*\n +- ipBlock:/);
});
