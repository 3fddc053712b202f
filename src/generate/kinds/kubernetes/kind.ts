import { yamlStreamText, yamlText } from "../../../formats/write-yaml.ts";
import { deployedValue } from "../../deployed-value.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan } from "../../plan.ts";
import { ingress } from "./ingress.ts";
import { namedPlan, runsByHand, unscheduled } from "./names.ts";
import { networkPolicies } from "./network.ts";
import { migrationObjects, PULL_SECRET, serviceObjects } from "./objects.ts";
import { migrationOverlay, overlayFiles } from "./overlays.ts";
import { secretName } from "./pod.ts";
import { baseValues, CONTROLLER_NAMESPACE } from "./values.ts";

const BASE = "deploy/k8s/base";

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
  const objects = plan.services.flatMap((service) => migrationObjects(service, plan, baseValues(plan)));
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
      text: yamlStreamText(objects, { header: [NOTE] }),
      ownership: "managed",
      why: "migrations of the database, run to their end before a release",
    },
    ...(["staging", "production"] as const).map((environment) => migrationOverlay(plan, environment)),
  ];
}

function file(name: string, objects: readonly object[], why: string): GeneratedFile {
  return text(name, yamlStreamText(objects, { header: [NOTE] }), why);
}

function text(name: string, body: string, why: string): GeneratedFile {
  return { path: `${BASE}/${name}`, text: body, ownership: "managed", why };
}

/** What has to be in the cluster before the first release. */
function notes(plan: Plan): string[] {
  const { services, domain, project } = plan;
  const secrets = services.filter(({ env }) =>
    env.some(
      (variable) =>
        variable.phase === "run" &&
        (variable.class === "secret" || (deployedValue(variable) === null && variable.class === "config")),
    ),
  );
  return [
    needs(plan),
    ...secrets.map(
      (service) =>
        `make the Secret of ${service.name} once per namespace, from a file that is not committed: kubectl -n ${project}-production create secret generic ${secretName(service)} --from-env-file=FILE`,
    ),
    `where the registry wants a password, make the Secret of it once per namespace: kubectl -n ${project}-production create secret docker-registry ${PULL_SECRET} --docker-server=SERVER --docker-username=NAME --docker-password=TOKEN`,
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
    ...(services.some(({ stores }) => stores.length > 0)
      ? [
          "stores are outside the cluster: where they run inside, name their pods in network.yaml, as some networks do not count pods as addresses",
        ]
      : []),
    ...(domain === null && services.some(({ port }) => port !== null)
      ? [`the host is ${project}.example.com, and names below it, until \`generate.domain\` of the manifest says yours`]
      : []),
  ];
}

/** What the cluster has to have beside itself. */
function needs(plan: Plan): string {
  const values = baseValues(plan);
  const route = ingress(plan, values)
    ? [
        `an ingress controller of class ${values.ingressClass()} in the namespace ${CONTROLLER_NAMESPACE}, which sends HTTP on to HTTPS`,
        `cert-manager with the ClusterIssuer ${values.issuer()}`,
      ]
    : [];
  return `the cluster needs ${[...route, "metrics-server for the autoscaler"].join(", ")}, and a network that keeps policies`;
}
