import type { Plan, PlannedService } from "../../plan.ts";
import { ingress } from "./ingress.ts";
import { mayHaveRole } from "./network.ts";
import { PULL_SECRET } from "./objects.ts";
import { fromSecret, secretName } from "./pod.ts";
import { baseValues, CONTROLLER_NAMESPACE } from "./values.ts";

/** One thing to do, and what else there is to say of it. */
interface Step {
  text: string;
  more?: string[];
}

/** What has to be there before the first release, in the order in which it is made; `namespace` tells how that is made. */
export function firstSteps(plan: Plan, environment: string, namespace: string): Step[] {
  const kubectl = `kubectl -n ${plan.project}-${environment}`;
  const stores = plan.stores.filter(({ name }) => plan.services.some((service) => service.stores.includes(name)));
  return [
    { text: `the cluster has ${needs(plan)}` },
    { text: namespace },
    ...(stores.length > 0
      ? [
          {
            text: `make ${stores.map(storeText).join(", ")} where the cluster reaches ${stores.length === 1 ? "it" : "them"}: these files hold no data`,
            more: [
              "a store inside the cluster: name its pods in network.yaml, as some networks do not count pods as addresses",
            ],
          },
        ]
      : []),
    ...plan.services.flatMap((service) => secretStep(service, kubectl)),
    ...plan.services.filter(mayHaveRole).map(({ name }) => ({
      text: `where a role stands in for keys of the bucket, give it to the account ${name}, such as by a Pod Identity association of EKS`,
    })),
    {
      text: `where the registry wants a password: ${kubectl} create secret docker-registry ${PULL_SECRET} --docker-server=SERVER --docker-username=NAME --docker-password=TOKEN`,
    },
  ];
}

/** How a release is brought out by hand, as the pipeline does it. */
export function releaseSteps({ project, services }: Plan, environment: string): Step[] {
  const kubectl = `kubectl -n ${project}-${environment}`;
  const folder = `deploy/k8s/overlays/${environment}`;
  const migrating = services.filter(({ migrations }) => migrations);
  const set = (path: string, some: readonly PlannedService[]) =>
    `(cd ${path} && kustomize edit set image ${[...new Set(some.map(({ image }) => `${image}=${image}@sha256:DIGEST`))].join(" ")})`;
  const jobs = migrating.map(({ name }) => `job/${name}-migrate`).join(" ");
  return [
    { text: set(folder, services), more: migrating.length > 0 ? [set(`${folder}/migrate`, migrating)] : [] },
    ...(migrating.length > 0
      ? [
          {
            text: `${kubectl} delete ${jobs} --ignore-not-found`,
            more: [
              `kubectl apply -k ${folder}/migrate`,
              `${kubectl} wait --for=condition=complete --timeout=15m ${jobs}`,
            ],
          },
        ]
      : []),
    { text: `kubectl apply -k ${folder}` },
  ];
}

/** Steps as lines with numbers. */
export function numbered(steps: readonly Step[], first = 1): string[] {
  return steps.flatMap(({ text, more = [] }, index) => [
    ...wrapped(text).map((line, at) => `${at === 0 ? `${first + index}. ` : "   "}${line}`),
    ...more.flatMap(wrapped).map((line) => `   ${line}`),
  ]);
}

const LONGEST_LINE = 112;

/** Prose in lines; commands stay whole, to be copied. */
function wrapped(text: string): string[] {
  if (/kubectl|kustomize|helm/.test(text)) return [text];
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length >= LONGEST_LINE) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
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
  return `${[...route, "metrics-server for the autoscaler"].join(", ")}, and a network that keeps policies`;
}

function storeText({ name, kind, version }: Plan["stores"][number]): string {
  return `${name} (${version === null ? kind : `${kind} ${version}`})`;
}

function secretStep(service: PlannedService, kubectl: string): Step[] {
  const variables = service.env.filter(fromSecret);
  if (variables.length === 0) return [];
  const names = (required: boolean) => variables.filter((one) => one.required === required).map(({ name }) => name);
  const [must, may] = [names(true), names(false)];
  const file = `${service.name}.env`;
  return [
    {
      text: `${kubectl} create secret generic ${secretName(service)} --from-env-file=${file}`,
      more: [
        [
          `${file} is not committed`,
          ...(must.length > 0 ? [`holds ${must.join(", ")}`] : []),
          ...(may.length > 0 ? [`may hold ${may.join(", ")}`] : []),
        ].join(", "),
      ],
    },
  ];
}
