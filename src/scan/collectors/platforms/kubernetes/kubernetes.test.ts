import { describe, expect, it } from "vitest";
import { toldBy } from "../testing.ts";

const units = {
  "api/package.json": JSON.stringify({ scripts: { start: "node index.js" } }),
  "api/index.js": "",
  "web/package.json": "{}",
};
const deployment = (container: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-api
spec:
  template:
    spec:
      containers:
${container.replace(/^/gm, "        ")}
`;

describe("manifests", () => {
  const rows: [name: string, files: Record<string, string>, expected: Record<string, unknown>][] = [
    [
      "a deployment named after its unit",
      {
        "k8s/api.yaml": deployment(`- name: api
  image: ghcr.io/acme/shop-api:1.2.3
  ports:
    - { name: metrics, containerPort: 9090 }
    - { name: http, containerPort: 8080 }
  env:
    - { name: DATABASE_URL, valueFrom: { secretKeyRef: { name: db, key: url } } }
    - { name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
  livenessProbe: { httpGet: { path: /livez, port: http } }
  readinessProbe: { httpGet: { path: /readyz, port: http } }`),
      },
      {
        port: 8080,
        health: "/livez",
        readiness: "/readyz",
        "env.DATABASE_URL": { name: "DATABASE_URL", class: "secret", phase: "run", required: true, default: null },
        "env.POD": undefined,
      },
    ],
    [
      "command and arguments",
      {
        "deploy/api.yml": deployment(
          '- name: api\n  image: registry.test/api\n  command: ["node"]\n  args: ["index.js"]\n  ports: [{ containerPort: 3000 }]',
        ),
      },
      { start: "node index.js", port: 3000 },
    ],
    [
      "a job by the clock",
      {
        "k8s/cron.yaml":
          "apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: nightly }\nspec:\n  schedule: '0 1 * * *'\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n            - { name: api, image: acme/api, command: [node, nightly.js] }\n",
      },
      { "cron.nightly": { name: "nightly", schedule: "0 1 * * *", command: "node nightly.js" } },
    ],
    [
      "several documents, one of them broken elsewhere",
      {
        "k8s/all.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: { name: x }\n---\n${deployment("- { name: api, image: acme/api, ports: [{ containerPort: 5000 }] }")}`,
      },
      { port: 5000 },
    ],
    [
      "values of a chart",
      {
        "charts/api/Chart.yaml": "name: api\n",
        "charts/api/values.yaml":
          "image: { repository: acme/api }\nservice: { port: 80, targetPort: 8080 }\nlivenessProbe: { httpGet: { path: /healthz } }\nenv: { MODE: x }\n",
      },
      { port: 8080, health: "/healthz" },
    ],
    [
      "what every chart begins with",
      {
        "charts/api/Chart.yaml": "name: api\n",
        "charts/api/values.yaml": "livenessProbe: { httpGet: { path: / } }\nservice: { port: 80 }\n",
      },
      { port: undefined, health: undefined },
    ],
  ];
  it.each(rows)("%s", (_, files, expected) => {
    const facts = toldBy({ ...units, ...files }).api?.facts ?? {};
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, facts[name]]))).toEqual(expected);
  });

  it("is for the only program, where it names nobody's image", () => {
    const files = {
      "package.json": "{}",
      "k8s.yaml": deployment("- { name: app, image: acme/anything, ports: [{ containerPort: 4000 }] }"),
    };
    expect(toldBy(files)["."]?.facts).toEqual({ port: 4000 });
  });
  it("tells stores beside the only program", () => {
    const files = {
      "package.json": "{}",
      "k8s/db.yaml": deployment("- { name: db, image: 'postgres:16', ports: [{ containerPort: 5432 }] }"),
    };
    expect(toldBy(files)["."]?.facts).toEqual({
      "store.postgres": { kind: "postgres", version: "16", extensions: [], variable: null },
    });
  });

  const decoys: [name: string, files: Record<string, string>][] = [
    [
      "a definition of a resource",
      {
        "k8s/crd.yaml":
          "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: { names: { kind: Deployment } }\n",
      },
    ],
    [
      "a template of Helm",
      {
        "charts/api/templates/deployment.yaml": deployment(
          "- { name: api, image: '{{ .Values.image }}', ports: [{ containerPort: 1 }] }",
        ),
      },
    ],
    [
      "in examples",
      { "examples/k8s.yaml": deployment("- { name: api, image: acme/api, ports: [{ containerPort: 1 }] }") },
    ],
    [
      "an image of others",
      {
        "k8s/p.yaml": deployment("- { name: proxy, image: 'traefik:v3', ports: [{ containerPort: 1 }] }").replace(
          "shop-api",
          "edge",
        ),
      },
    ],
    ["other words", { "config.yaml": "kind: Deployment\nname: api\n" }],
    ["broken", { "k8s/b.yaml": "apiVersion: apps/v1\nkind: Deployment\nspec: [\n" }],
  ];
  it.each(decoys)("%s says nothing", (_, files) => {
    expect(Object.values(toldBy({ ...units, ...files })).flatMap(({ claims }) => claims)).toEqual([]);
  });
});
