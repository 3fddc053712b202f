import { deployedValue } from "../../deployed-value.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { baseValues, UNRELEASED, type Values } from "../kubernetes/values.ts";

/** Values as marks that become expressions of the chart once the objects are text. */
export function expressionValues(): Values {
  const text = (path: string) => `⟦${path} | quote⟧`;
  const number = (path: string) => `⟦${path}⟧`;
  return {
    image: (service) => text(`${at(service)}.image`),
    host: (below) => text(below ? `printf \`${below}.%s\` .Values.ingress.host` : ".Values.ingress.host"),
    issuer: () => text(".Values.ingress.issuer"),
    ingressClass: () => text(".Values.ingress.class"),
    minReplicas: (service) => number(`${at(service)}.replicas.min`),
    maxReplicas: (service) => number(`${at(service)}.replicas.max`),
    cpu: (service) => text(`${at(service)}.resources.cpu`),
    memory: (service) => text(`${at(service)}.resources.memory`),
    setting: (service, name) => text(`${at(service)}.settings.${name}`),
  };
}

/** values.yaml: the same as the base of kustomize, so that both give the same objects; images have no release yet. */
export function chartValues(plan: Plan): object {
  const values = baseValues(plan);
  const services = plan.services.map((service) => [
    key(service),
    {
      // Without a tag it would be whatever is newest.
      image: `${values.image(service)}:${UNRELEASED}`,
      replicas: { min: values.minReplicas(service), max: values.maxReplicas(service) },
      resources: { cpu: values.cpu(service), memory: values.memory(service) },
      settings: Object.fromEntries(settingsOf(service).map((name) => [name, values.setting(service, name)])),
    },
  ]);
  return {
    ingress: { host: values.host(), class: values.ingressClass(), issuer: values.issuer() },
    services: Object.fromEntries(services),
  };
}

/** Settings that stand in the manifest as they are: everything else comes from the Secret. */
function settingsOf({ env }: PlannedService): string[] {
  return env
    .filter(
      (variable) =>
        variable.class !== "provided" &&
        variable.class !== "secret" &&
        variable.phase === "run" &&
        deployedValue(variable) !== null,
    )
    .map(({ name }) => name);
}

/** The value that names the image of a service, for `--set`. */
export function imageKey(service: PlannedService): string {
  return `services.${key(service)}.image`;
}

function at(service: PlannedService): string {
  return `.Values.services.${key(service)}`;
}

/** A name that a template can follow: `shop-api` as shopApi. */
function key({ name }: PlannedService): string {
  return name.replace(/-+(.)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? "");
}
