import type { Plan, PlannedService } from "../../plan.ts";
import { frontOf, slug } from "../terraform/naming.ts";
import { type KubernetesObject, labelsOf } from "./labels.ts";
import type { Values } from "./values.ts";

/** A host for each service that requests from outside reach: the domain for the one that people open, names below it for the others. */
export function ingress(plan: Plan, values: Values): KubernetesObject | undefined {
  const served = servedOf(plan);
  if (served.length === 0) return undefined;
  const hosts = hostsOf(plan, values);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: plan.project,
      labels: labelsOf(plan, plan.project, "ingress").all,
      annotations: { "cert-manager.io/cluster-issuer": values.issuer() },
    },
    spec: {
      ingressClassName: values.ingressClass(),
      tls: [{ hosts, secretName: `${plan.project}-tls` }],
      rules: served.map((service, index) => ({
        host: hosts[index],
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: service.name, port: { name: "http" } } },
            },
          ],
        },
      })),
    },
  };
}

/** The hosts of the rules, in their order. */
export function hostsOf(plan: Plan, values: Values): string[] {
  return servedOf(plan).map((service) => hostOf(service, plan, values));
}

/** The host under which requests reach a service. */
export function hostOf(service: PlannedService, plan: Plan, values: Values): string {
  return values.host(service === frontOf(plan) ? undefined : slug(service.name, 40));
}

function servedOf(plan: Plan): PlannedService[] {
  const front = frontOf(plan);
  const served = plan.services.filter(({ port, role }) => port !== null && (role === "http" || role === "static"));
  return [...served.filter((service) => service === front), ...served.filter((service) => service !== front)];
}
