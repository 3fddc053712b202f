import type { Plan, PlannedService, PlannedStore } from "../../plan.ts";
import { frontOf } from "../terraform/naming.ts";
import { type KubernetesObject, labelsOf } from "./labels.ts";
import { podsOf } from "./names.ts";
import { CONTROLLER_NAMESPACE } from "./values.ts";

/** Ports of stores, those for TLS among them. */
const STORE_PORTS: Record<PlannedStore["kind"], readonly number[]> = {
  postgres: [5432],
  mysql: [3306],
  mariadb: [3306],
  mongodb: [27_017],
  redis: [6379, 6380],
  rabbitmq: [5671, 5672],
  kafka: [9092, 9093],
  elasticsearch: [9200],
  s3: [443],
};

export const EVERYWHERE = "0.0.0.0/0";
/** Where caches of names on nodes listen unless told otherwise: no namespace selects what uses the network of its node. */
export const NODE_DNS = "169.254.20.10/32";
/** Who gives pods of EKS the role of their account. It knows each pod by a token, so nobody gets the role of the node from it. */
export const POD_IDENTITY = "169.254.170.23/32";

/** Who may talk to whom: nobody by default, then names, then what each service needs. */
export function networkPolicies(plan: Plan): KubernetesObject[] {
  return [
    denyAll(plan),
    allowDns(plan),
    ...(frontOf(plan) ? [allowProof(plan)] : []),
    ...plan.services.flatMap((service) => [...allowIn(service, plan), ...allowOut(service, plan)]),
  ];
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
        to: [namespace("kube-system"), { ipBlock: { cidr: NODE_DNS } }],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ],
  });
}

/** In: from who gives certificates, to the pods by which cert-manager shows whose the domain is. */
function allowProof(plan: Plan): KubernetesObject {
  return policy(plan, "allow-acme", {
    podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
    policyTypes: ["Ingress"],
    ingress: [{ from: [namespace(CONTROLLER_NAMESPACE)], ports: [{ protocol: "TCP", port: 8089 }] }],
  });
}

/** The pods of a service, those of its processes and jobs included. */
function podsSelector(names: readonly string[], plan: Plan): object {
  const [first = "", ...more] = names;
  if (more.length === 0) return { matchLabels: labelsOf(plan, first, "").selector };
  return {
    matchLabels: { "app.kubernetes.io/part-of": plan.project },
    matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: names }],
  };
}

function namespace(name: string): object {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** In: from the ingress, from who reads metrics, and from services that wait for it. */
function allowIn(service: PlannedService, plan: Plan): KubernetesObject[] {
  const { port, name } = service;
  if (port === null) return [];
  const callers = plan.services.filter(({ dependsOn }) => dependsOn.includes(name)).flatMap(podsOf);
  return [
    policy(plan, name, {
      podSelector: { matchLabels: labelsOf(plan, name, "").selector },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            namespace(CONTROLLER_NAMESPACE),
            ...(service.metrics ? [namespace("monitoring")] : []),
            ...(callers.length > 0 ? [{ podSelector: podsSelector(callers, plan) }] : []),
          ],
          ports: [{ protocol: "TCP", port: "http" }],
        },
      ],
    }),
  ];
}

/** Out: to the services it waits for, to its stores, and to the web. */
function allowOut(service: PlannedService, plan: Plan): KubernetesObject[] {
  const pods = podsOf(service);
  if (pods.length === 0) return [];
  const targets = plan.services.filter((other) => service.dependsOn.includes(other.name) && other.port !== null);
  const stores = plan.stores
    .filter((store) => service.stores.includes(store.name))
    .flatMap(({ kind }) => STORE_PORTS[kind]);
  const outside = service.role === "static" ? [] : [...new Set([443, ...stores])].sort((a, b) => a - b);
  return [
    policy(plan, `${service.name}-out`, {
      podSelector: podsSelector(pods, plan),
      policyTypes: ["Egress"],
      egress: [
        ...targets.map((target) => ({
          to: [{ podSelector: { matchLabels: labelsOf(plan, target.name, "").selector } }],
          ports: [{ protocol: "TCP", port: "http" }],
        })),
        ...(outside.length > 0
          ? [
              {
                to: [{ ipBlock: { cidr: EVERYWHERE, except: ["169.254.0.0/16"] } }],
                ports: outside.map((number) => ({ protocol: "TCP", port: number })),
              },
            ]
          : []),
        ...(mayHaveRole(service)
          ? [{ to: [{ ipBlock: { cidr: POD_IDENTITY } }], ports: [{ protocol: "TCP", port: 80 }] }]
          : []),
      ],
    }),
  ];
}

/** Whether it uses object storage and does without keys of its own: a role of its account stands in for them. */
export function mayHaveRole({ env }: PlannedService): boolean {
  return env.some(({ name, required }) => name === "AWS_ACCESS_KEY_ID" && !required);
}

function policy(plan: Plan, name: string, spec: object): KubernetesObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, labels: labelsOf(plan, name, "network").all },
    spec,
  };
}
