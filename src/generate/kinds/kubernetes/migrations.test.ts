import { expect, test } from "vitest";
import { listAt, recordAt } from "../../../formats/document.ts";
import { parseYamlStream } from "../../../formats/yaml.ts";
import type { GeneratedFile } from "../../kind.ts";
import { plan, service } from "../../testing.ts";
import { helm } from "../helm/kind.ts";
import { PLANS } from "../terraform/testing.ts";
import { kubernetes } from "./kind.ts";

const CASES = Object.entries(PLANS).map(([name, given]) => ({ name, plan: plan({ target: "kubernetes", ...given }) }));
const MIGRATING = CASES.map((one) => ({
  ...one,
  plan: {
    ...one.plan,
    services: one.plan.services.map((found) => ({
      ...found,
      state: ["uploads"],
      migrations: { tool: "x", command: "node migrate.js" },
    })),
  },
}));

test.each([...CASES, ...MIGRATING])("$name: all that a migration names is there before it", ({ plan: given }) => {
  const files = kubernetes.render(given);
  const objects = objectsIn(files.filter(({ path }) => path.startsWith("deploy/k8s/migrate/")));
  const made = objects.map(({ kind, metadata }) => `${kind} ${recordAt(metadata).name}`);
  const told = files.flatMap(({ notes = [] }) => notes).join("\n");
  for (const job of objects.filter(({ kind }) => kind === "Job")) {
    const pod = recordAt(podOf([job], `${recordAt(job.metadata).name}`));
    const wanted = [
      `ServiceAccount ${pod.serviceAccountName}`,
      ...listAt(pod, ["volumes"]).flatMap((item) => {
        const claim = recordAt(item, ["persistentVolumeClaim"]).claimName;
        const map = recordAt(item, ["configMap"]).name;
        return [...(claim ? [`PersistentVolumeClaim ${claim}`] : []), ...(map ? [`ConfigMap ${map}`] : [])];
      }),
    ];
    expect(wanted.filter((name) => !made.includes(name))).toEqual([]);
    const secrets = listAt(recordAt(listAt(pod, ["containers"])[0]), ["env"]).flatMap((item) => {
      const { name, optional } = recordAt(item, ["valueFrom", "secretKeyRef"]);
      return name && !optional ? [String(name)] : [];
    });
    for (const name of new Set(secrets)) expect(told).toContain(`create secret generic ${name} `);
  }
});

test("a migration has the volume only where the database may be in it", () => {
  const mounted = (stores: string[]) => {
    const one = service("api", { state: ["data"], stores, migrations: { tool: "x", command: "m" } });
    const given = plan({ services: [one], target: "kubernetes" });
    const pod = podOf(objectsIn(kubernetes.render(given)), "api-migrate");
    const { volumeMounts } = recordAt(listAt(pod, ["containers"])[0]);
    const chart = helm.render(given).find(({ path }) => path.endsWith("templates/api.yaml"))?.text;
    return [volumeMounts, /helm\.sh\/hook: \S+/.exec(chart ?? "")?.[0]];
  };
  expect(mounted(["db"])).toEqual([
    [
      { name: "tmp", mountPath: "/tmp" },
      { name: "tmp", mountPath: "/app/data", subPath: "scratch-0" },
    ],
    "helm.sh/hook: pre-install,pre-upgrade",
  ]);
  expect(mounted(["cache"])).toEqual([
    [
      { name: "tmp", mountPath: "/tmp" },
      { name: "state", mountPath: "/app/data", subPath: "state-0" },
    ],
    "helm.sh/hook: post-install,pre-upgrade",
  ]);
});

function objectsIn(files: readonly GeneratedFile[]): Record<string, unknown>[] {
  return files
    .filter(({ path }) => path.endsWith(".yaml"))
    .flatMap(({ text }) => parseYamlStream(text).flatMap(({ value }) => (value ? [recordAt(value)] : [])));
}

/** The pod of a job. */
function podOf(objects: readonly Record<string, unknown>[], name: string): unknown {
  const job = objects.find(({ kind, metadata }) => kind === "Job" && recordAt(metadata).name === name);
  return recordAt(job, ["spec", "template", "spec"]);
}
