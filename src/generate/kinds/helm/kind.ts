import { yamlText } from "../../../formats/write-yaml.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan } from "../../plan.ts";
import { mayKeepDatabase } from "../../state-folders.ts";
import { ingress } from "../kubernetes/ingress.ts";
import type { KubernetesObject } from "../kubernetes/labels.ts";
import { namedPlan } from "../kubernetes/names.ts";
import { networkPolicies } from "../kubernetes/network.ts";
import { migrationObjects, serviceObjects } from "../kubernetes/objects.ts";
import { firstSteps, numbered } from "../kubernetes/steps.ts";
import { objectsText } from "../kubernetes/text.ts";
import { chartValues, expressionValues, imageKey } from "./values.ts";

/** The manifests as a chart: the same objects, with what differs between installations as values. */
export const helm: Kind = {
  id: "helm",
  title: "Helm chart",
  // One of the two ways is enough; who has a chart already goes on with it.
  wanted: ({ platforms }) => platforms.includes("helm"),
  render(given) {
    if (given.services.length === 0) return [];
    const plan = namedPlan(given);
    const folder = `deploy/helm/${plan.project}`;
    const values = expressionValues();
    const route = ingress(plan, values);
    const file = (name: string, text: string, why: string): GeneratedFile => ({
      path: `${folder}/${name}`,
      text,
      ownership: "managed",
      why,
    });
    return [
      file("Chart.yaml", yamlText(chart(plan), { header: [NOTE] }), "name and version of the chart"),
      file(
        "values.yaml",
        yamlText(chartValues(plan), { header: [NOTE, "", ...stepLines(plan)], spaced: true }),
        "what differs between installations",
      ),
      ...plan.services.map((service) =>
        file(
          `templates/${service.name}.yaml`,
          templated([
            ...serviceObjects(service, plan, values).map(kept),
            ...migrationObjects(service, plan, values).map((object) => hooked(object, mayKeepDatabase(service, plan))),
          ]),
          `${service.name}: pods, replicas by load, budget for disruptions`,
        ),
      ),
      file("templates/network.yaml", templated(networkPolicies(plan)), "who may talk to whom; nobody by default"),
      ...(route ? [file("templates/ingress.yaml", templated([route]), "requests from outside, over TLS")] : []),
      file(".helmignore", `# ${NOTE}\n.git\n*.proposed\n*.tmp\n`, "files that are no part of the chart"),
    ];
  },
};

/** From an empty cluster to a release, as comments. */
function stepLines(plan: Plan): string[] {
  const namespace = `${plan.project}-production`;
  const first = firstSteps(plan, "production", `kubectl create namespace ${namespace}`);
  const images = plan.services.map((service) => `--set ${imageKey(service)}=${service.image}@sha256:DIGEST`);
  const upgrade = `helm upgrade --install ${plan.project} deploy/helm/${plan.project} -n ${namespace} --wait --timeout 10m`;
  return [
    "Once, before the first release of production:",
    ...numbered(first),
    "Each release; migrations run first:",
    `${first.length + 1}. ${[upgrade, ...images].join(" \\\n     ")}`,
  ].flatMap((line) => line.split("\n"));
}

function chart({ project }: Plan): object {
  return {
    apiVersion: "v2",
    name: project,
    description: `${project} on Kubernetes`,
    type: "application",
    version: "0.1.0",
    kubeVersion: ">= 1.30.0-0",
  };
}

/** Files outlive the chart. */
function kept(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "PersistentVolumeClaim") return object;
  return { ...object, metadata: { ...object.metadata, annotations: { "helm.sh/resource-policy": "keep" } } };
}

/** A migration runs before the rest is changed; one of a database in the files comes first behind the volume. */
function hooked(object: KubernetesObject, inFiles: boolean): KubernetesObject {
  const weight = object.kind === "Job" ? "0" : "-1";
  const annotations = {
    "helm.sh/hook": `${inFiles ? "post" : "pre"}-install,pre-upgrade`,
    "helm.sh/hook-weight": weight,
    "helm.sh/hook-delete-policy": "before-hook-creation",
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Objects as a template: marked values become expressions, and braces of the application stay text. */
function templated(objects: readonly KubernetesObject[]): string {
  const text = objectsText(objects);
  return text
    .replaceAll("{{", () => '{{ "{{" }}')
    .replace(/["']?⟦(.*?)⟧["']?/g, (_, expression: string) => `{{ ${expression} }}`);
}
