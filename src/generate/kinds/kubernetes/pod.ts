import { deployedValue } from "../../deployed-value.ts";
import { inImage, scratchFolders } from "../../image-folders.ts";
import type { PlannedService, PlannedVariable } from "../../plan.ts";
import { argvOf } from "./argv.ts";
import type { Values } from "./values.ts";

export interface PodOptions {
  values: Values;
  /** Name of the container. */
  name: string;
  /** Whose rights it has; those of the service where nothing is said. */
  account?: string;
  /** Replaces what the image starts. */
  command?: string;
  /** Whether requests reach it. */
  served?: boolean;
  restartPolicy?: "Never";
  /** Folders of the service that it may write to and lose. */
  scratch?: readonly string[];
  /** The host that people ask for. */
  host?: string;
  labels: Record<string, string>;
}

/** Seconds in which endpoints forget a pod that ends, before it is told to stop. */
const FORGET_SECONDS = 5;

/** A pod that cannot write, gains no rights and knows nothing of the cluster. */
export function podTemplate(
  service: PlannedService,
  {
    values,
    name,
    account = service.name,
    command,
    served = false,
    restartPolicy,
    scratch = [],
    host,
    labels,
  }: PodOptions,
) {
  const { state, port, drain, metrics } = service;
  const scraped = served && metrics !== null && port !== null;
  return {
    metadata: {
      labels,
      ...(scraped
        ? {
            annotations: {
              "prometheus.io/scrape": "true",
              "prometheus.io/path": metrics.path,
              "prometheus.io/port": String(port),
            },
          }
        : {}),
    },
    spec: {
      ...(restartPolicy ? { restartPolicy } : {}),
      serviceAccountName: account,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: drain + service.grace + FORGET_SECONDS,
      securityContext: {
        runAsNonRoot: true,
        ...usersOf(service),
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(restartPolicy === undefined && state.length === 0
        ? {
            topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: selectorOf(labels) },
            })),
          }
        : {}),
      ...(state.length > 0 && name !== service.name ? { affinity: besideFiles(service, restartPolicy) } : {}),
      containers: [
        {
          name,
          image: values.image(service),
          imagePullPolicy: "IfNotPresent",
          ...(command ? { command: argvOf(command) } : {}),
          ...(served && port !== null ? { ports: [{ name: "http", containerPort: port, protocol: "TCP" }] } : {}),
          env: environment(service, values),
          ...(served ? probes(service, host) : {}),
          resources: {
            requests: { cpu: values.cpu(service), memory: values.memory(service) },
            limits: { memory: values.memory(service) },
          },
          ...(served ? { lifecycle: { preStop: { sleep: { seconds: FORGET_SECONDS } } } } : {}),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            { name: "tmp", mountPath: "/tmp" },
            ...[...scratchFolders(service), ...scratch.map((path) => inImage(service, path))].map(
              (mountPath, index) => ({
                name: "tmp",
                mountPath,
                subPath: `scratch-${index}`,
              }),
            ),
            ...state.map((path, index) => ({
              name: "state",
              mountPath: inImage(service, path),
              subPath: `state-${index}`,
            })),
          ],
        },
      ],
      volumes: [
        { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
        ...(state.length > 0 ? [{ name: "state", persistentVolumeClaim: { claimName: `${service.name}-state` } }] : []),
      ],
    },
  };
}

/** Who the image runs as: a number that one of people's own says, else that of generated ones. */
function usersOf({ dockerfile: { own } }: PlannedService) {
  const [, user, group = user] = /^([1-9]\d*)(?::([1-9]\d*))?$/.exec(own?.user ?? "") ?? [];
  const [runAsUser, runAsGroup] = user === undefined ? [10_001, 10_001] : [Number(user), Number(group)];
  return { runAsUser, runAsGroup, fsGroup: runAsGroup };
}

/** A volume is on one node at a time: what shares it runs where the service does. A job may come before there is one. */
function besideFiles({ name }: PlannedService, restartPolicy: "Never" | undefined) {
  const term = {
    topologyKey: "kubernetes.io/hostname",
    labelSelector: { matchLabels: { "app.kubernetes.io/name": name } },
  };
  return {
    podAffinity: restartPolicy
      ? { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] }
      : { requiredDuringSchedulingIgnoredDuringExecution: [term] },
  };
}

/** What the code reads: settings as they are, what is secret or unknown from the Secret of the service. */
function environment(service: PlannedService, values: Values) {
  const variables = service.env.filter(({ class: kind, phase }) => kind !== "provided" && phase === "run");
  return [
    ...(service.port === null ? [] : [{ name: "PORT", value: String(service.port) }]),
    ...variables.map((variable) => {
      const { name, required } = variable;
      return fromSecret(variable)
        ? {
            name,
            valueFrom: {
              secretKeyRef: { name: secretName(service), key: name, ...(required ? {} : { optional: true }) },
            },
          }
        : { name, value: values.setting(service, name) };
    }),
  ];
}

/** Whether a variable is read from the Secret of its service: what is secret, and what nothing in the repository gives a value. */
export function fromSecret(variable: PlannedVariable): boolean {
  const { class: kind, phase } = variable;
  return kind !== "provided" && phase === "run" && (kind === "secret" || deployedValue(variable) === null);
}

/** The Secret that people or an operator make; none is ever written to a file. */
export function secretName({ name }: PlannedService): string {
  return `${name}-env`;
}

/** Whether it answers only under hosts that it knows, while probes ask by the address of the pod. */
function knowsHosts({ answered }: PlannedService): boolean {
  return answered !== null;
}

/** The probes of a service, by their keys. */
const PROBES = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

function probes(service: PlannedService, host: string | undefined): Record<(typeof PROBES)[number], object> {
  const { health, readiness, startup } = service;
  const httpHeaders = knowsHosts(service) && host ? { httpHeaders: [{ name: "Host", value: host }] } : {};
  const get = (path: string) => ({ httpGet: { path, port: "http", ...httpHeaders } });
  const alive = health === null ? { tcpSocket: { port: "http" } } : get(health);
  const ready = readiness === null ? alive : get(readiness);
  return {
    startupProbe: {
      ...alive,
      periodSeconds: 3,
      timeoutSeconds: 3,
      failureThreshold: Math.max(10, Math.ceil(startup / 3)),
    },
    readinessProbe: { ...ready, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
    livenessProbe: { ...alive, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
  };
}

/** The probes of a service that ask for a page under its host. */
export function probesWithHost(service: PlannedService): (typeof PROBES)[number][] {
  if (!knowsHosts(service)) return [];
  return PROBES.filter(
    (probe) => service.health !== null || (probe === "readinessProbe" && service.readiness !== null),
  );
}

function selectorOf(labels: Record<string, string>): Record<string, string> {
  return {
    "app.kubernetes.io/name": labels["app.kubernetes.io/name"] ?? "",
    "app.kubernetes.io/part-of": labels["app.kubernetes.io/part-of"] ?? "",
  };
}
