import { yamlText } from "../../../formats/write-yaml.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan } from "../../plan.ts";
import { mayKeepDatabase } from "../../state-folders.ts";
import { ingress } from "./ingress.ts";
import type { KubernetesObject } from "./labels.ts";
import { namedPlan, runsByHand, unscheduled } from "./names.ts";
import { networkPolicies } from "./network.ts";
import { migrationObjects, serviceObjects, stateVolume } from "./objects.ts";
import { migrationOverlay, overlayFiles } from "./overlays.ts";
import { firstSteps } from "./steps.ts";
import { objectsText } from "./text.ts";
import { baseValues } from "./values.ts";

const BASE = "deploy/k8s/base";
const PRODUCTION = "production";

/** Manifests with kustomize: a base, and what staging and production change of it. */
export const kubernetes: Kind = {
  id: "kubernetes",
  title: "Kubernetes manifests",
  wanted: ({ target }) => target === "kubernetes",
  render(given) {
    if (given.services.length === 0) return [];
    const plan = namedPlan(given);
    const values = baseValues(plan);
    const route = ingress(plan, values);
    const files = [
      ...plan.services.map((service) =>
        file(
          `${service.name}.yaml`,
          serviceObjects(service, plan, values),
          `${service.name}: pods, replicas by load, budget for disruptions`,
        ),
      ),
      file("network.yaml", networkPolicies(plan), "who may talk to whom; nobody by default"),
      ...(route ? [file("ingress.yaml", [route], "requests from outside, over TLS")] : []),
    ];
    const resources = files.map(({ path }) => path.slice(BASE.length + 1)).sort();
    const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources };
    return [
      {
        ...text(
          "kustomization.yaml",
          yamlText(kustomization, { header: [NOTE] }),
          "the list of what belongs to the application",
        ),
        notes: [...notes(plan), ...unscheduled(given)],
      },
      ...files,
      ...overlayFiles(plan),
      ...migrationFiles(plan),
    ];
  },
};

/** Migrations lie beside the base: a job cannot be changed, so the pipeline replaces it before each release. */
function migrationFiles(plan: Plan): GeneratedFile[] {
  const objects = plan.services.flatMap((service) => [
    // The first migration makes the database in it.
    ...(service.migrations && mayKeepDatabase(service, plan) ? [stateVolume(service, plan)] : []),
    ...migrationObjects(service, plan, baseValues(plan)),
  ]);
  if (objects.length === 0) return [];
  const folder = "deploy/k8s/migrate";
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: ["jobs.yaml"],
  };
  return [
    {
      path: `${folder}/kustomization.yaml`,
      text: yamlText(kustomization, { header: [NOTE] }),
      ownership: "managed",
      why: "the list of migrations",
    },
    {
      path: `${folder}/jobs.yaml`,
      text: objectsText(objects),
      ownership: "managed",
      why: "migrations of the database, run to their end before a release",
    },
    ...(["staging", "production"] as const).map((environment) => migrationOverlay(plan, environment)),
  ];
}

function file(name: string, objects: readonly KubernetesObject[], why: string): GeneratedFile {
  return text(name, objectsText(objects), why);
}

function text(name: string, body: string, why: string): GeneratedFile {
  return { path: `${BASE}/${name}`, text: body, ownership: "managed", why };
}

/** What people do before the first release, in order; then what they have to know. */
function notes(plan: Plan): string[] {
  const { services, domain, project } = plan;
  const overlay = `deploy/k8s/overlays/${PRODUCTION}`;
  const first = firstSteps(plan, PRODUCTION, `kubectl apply -f ${overlay}/namespace.yaml`);
  return [
    ...first.map(({ text }, index) => `before the first release, ${index + 1}: ${text}`),
    `then the pipeline releases; the commands for each environment are at the top of its kustomization.yaml, such as ${overlay}/kustomization.yaml`,
    ...services
      .filter(runsByHand)
      .map(
        ({ name }) =>
          `${name} runs when somebody starts it: kubectl -n ${project}-production create job --from=cronjob/${name} ${name}-1`,
      ),
    ...services
      .filter(({ state }) => state.length > 0)
      .map(({ name }) => `${name} keeps files: it runs as one pod, and is away for a moment at each release`),
    ...(services.length > 1
      ? ["services reach each other inside the cluster only where `depends_on` of the manifest says so"]
      : []),
    ...(domain === null && services.some(({ port }) => port !== null)
      ? [`the host is ${project}.example.com, and names below it, until \`generate.domain\` of the manifest says yours`]
      : []),
  ];
}
