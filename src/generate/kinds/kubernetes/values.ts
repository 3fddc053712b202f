import { deployedValue } from "../../deployed-value.ts";
import type { Plan, PlannedService } from "../../plan.ts";

/** What differs from one installation to the next: a literal in kustomize, an expression in a chart. */
export interface Values {
  image(service: PlannedService): string;
  /** The host of the application, or a name below it. */
  host(below?: string): string;
  issuer(): string;
  ingressClass(): string;
  minReplicas(service: PlannedService): number | string;
  maxReplicas(service: PlannedService): number | string;
  cpu(service: PlannedService): string;
  memory(service: PlannedService): string;
  setting(service: PlannedService, name: string): string;
}

/** Replaced by the digest of the release: `kustomize edit set image`, as the pipeline does. There is no such tag. */
export const UNRELEASED = "unreleased";
/** Where the ingress controller runs: it alone reaches services from outside. */
export const CONTROLLER_NAMESPACE = "traefik";
const INGRESS_CLASS = "traefik";
const ISSUER = "letsencrypt";
/** Where nobody said a domain: a name that is reserved for examples. */
const EXAMPLE_HOST = "example.com";

/** Values of the base that overlays start from. */
export function baseValues(plan: Plan): Values {
  return {
    image: ({ image }) => image,
    host: (below) => `${below ? `${below}.` : ""}${plan.domain ?? `${plan.project}.${EXAMPLE_HOST}`}`,
    issuer: () => ISSUER,
    ingressClass: () => INGRESS_CLASS,
    minReplicas: ({ scale }) => scale.min,
    maxReplicas: ({ scale }) => scale.max,
    cpu: ({ resources }) => cpuText(resources.cpu),
    memory: ({ resources }) => `${resources.memory}Mi`,
    setting: (service, name) => {
      const variable = service.env.find((one) => one.name === name);
      return (variable && deployedValue(variable)) ?? "";
    },
  };
}

/** Cores as Kubernetes writes shares of one. */
function cpuText(cores: number): string {
  return Number.isInteger(cores) ? String(cores) : `${Math.round(cores * 1_000)}m`;
}
