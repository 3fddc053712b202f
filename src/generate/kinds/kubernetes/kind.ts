import { yamlStreamText, yamlText } from "../../../formats/write-yaml.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import type { Plan } from "../../plan.ts";
import { ingress, networkPolicies } from "./network.ts";
import { serviceObjects } from "./objects.ts";
import { overlayFiles } from "./overlays.ts";
import { secretName } from "./pod.ts";
import { baseValues } from "./values.ts";

const BASE = "deploy/k8s/base";
const NOTE = "Written by stationmaster generate; edits are kept when it is written again.";

/** Manifests with kustomize: a base, and what staging and production change of it. */
export const kubernetes: Kind = {
  id: "kubernetes",
  title: "Kubernetes manifests",
  wanted: ({ target }) => target === "kubernetes",
  render(plan) {
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
        notes: notes(plan),
      },
      ...files,
      ...overlayFiles(plan),
    ];
  },
};

function file(name: string, objects: readonly object[], why: string): GeneratedFile {
  return text(name, yamlStreamText(objects, { header: [NOTE] }), why);
}

function text(name: string, body: string, why: string): GeneratedFile {
  return { path: `${BASE}/${name}`, text: body, ownership: "managed", why };
}

/** What has to be in the cluster before the first release. */
function notes({ services, domain, project }: Plan): string[] {
  const secrets = services.filter(({ env }) =>
    env.some((variable) => variable.class === "secret" || (variable.default === null && variable.class === "config")),
  );
  return [
    ...secrets.map(
      (service) =>
        `make the Secret once per namespace: kubectl create secret generic ${secretName(service)} --from-env-file=.env`,
    ),
    ...(domain === null
      ? [`the host is ${project}.example.com until \`generate.domain\` of the manifest says yours`]
      : []),
  ];
}
