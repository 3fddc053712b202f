import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { type KubernetesObject, labelsOf } from "./labels.ts";
import type { Values } from "./values.ts";

const STORE_PORTS: Record<PlannedStore["kind"], number> = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongodb: 27_017,
  redis: 6379,
  rabbitmq: 5672,
  kafka: 9092,
  elasticsearch: 9200,
  s3: 443,
};

/** Who may talk to whom: nobody by default, then names, then what each service needs. */
export function networkPolicies(plan: Plan): KubernetesObject[] {
  return [denyAll(plan), allowDns(plan), ...plan.services.map((service) => allowService(service, plan))];
}

function denyAll(plan: Plan): KubernetesObject {
  return policy(plan, "default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
}

function allowDns(plan: Plan): KubernetesObject {
  return policy(plan, "allow-dns", {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ],
  });
}

/** From the ingress and from services that wait for it; to its stores, other services and the web. */
function allowService(service: PlannedService, plan: Plan): KubernetesObject {
  const { port, name } = service;
  const callers = plan.services.filter(({ dependsOn }) => dependsOn.includes(name));
  const targets = plan.services.filter((other) => service.dependsOn.includes(other.name) && other.port !== null);
  const stores = plan.stores
    .filter((store) => service.stores.includes(store.name))
    .map(({ kind }) => STORE_PORTS[kind]);
  const from = [
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } },
    ...(service.metrics
      ? [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }]
      : []),
    ...callers.map((caller) => ({ podSelector: { matchLabels: labelsOf(plan, caller.name, "").selector } })),
  ];
  const outside = [...new Set([443, ...stores])].sort((a, b) => a - b);
  return policy(plan, name, {
    podSelector: { matchLabels: labelsOf(plan, name, "").selector },
    policyTypes: ["Ingress", "Egress"],
    ingress: port === null ? [] : [{ from, ports: [{ protocol: "TCP", port: "http" }] }],
    egress: [
      ...targets.map((target) => ({
        to: [{ podSelector: { matchLabels: labelsOf(plan, target.name, "").selector } }],
        ports: [{ protocol: "TCP", port: "http" }],
      })),
      // Rented stores and the services of others; the addresses of the cloud's own metadata are not among them.
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: outside.map((number) => ({ protocol: "TCP", port: number })),
      },
    ],
  });
}

function policy(plan: Plan, name: string, spec: object): KubernetesObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, labels: labelsOf(plan, name, "network").all },
    spec,
  };
}

/** Requests from outside: pages at the root, an API beside pages below /api. */
export function ingress(plan: Plan, values: Values): KubernetesObject | undefined {
  const served = plan.services.filter(({ port, role }) => port !== null && (role === "http" || role === "static"));
  if (served.length === 0) return undefined;
  const host = values.host();
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
      tls: [{ hosts: [host], secretName: `${plan.project}-tls` }],
      rules: [
        {
          host,
          http: {
            paths: routes(served).map(([path, service]) => ({
              path,
              pathType: "Prefix",
              backend: { service: { name: service.name, port: { name: "http" } } },
            })),
          },
        },
      ],
    },
  };
}

/** One service has the root; the others lie below their names, longest first. */
export function routes(services: readonly PlannedService[]): [string, PlannedService][] {
  const front =
    services.find(({ kind }) => kind === "spa" || kind === "static" || kind === "ssr") ??
    services.find(({ name }) => /^(web|front|frontend|site|www|ui)$/.test(name)) ??
    services[0];
  const others = services
    .filter((service) => service !== front)
    .map((service): [string, PlannedService] => [`/${service.name}`, service]);
  return [
    ...others.sort(([a], [b]) => b.length - a.length),
    ...(front ? [["/", front] as [string, PlannedService]] : []),
  ];
}
