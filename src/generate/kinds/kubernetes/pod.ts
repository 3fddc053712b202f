import { deployedValue } from "../../deployed-value.ts";
import { inImage, scratchFolders } from "../../image-folders.ts";
import type { PlannedService } from "../../plan.ts";
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
  labels: Record<string, string>;
}

/** Seconds in which endpoints forget a pod that ends, before it is told to stop. */
const FORGET_SECONDS = 5;

/** A pod that cannot write, gains no rights and knows nothing of the cluster. */
export function podTemplate(
  service: PlannedService,
  { values, name, account = service.name, command, served = false, restartPolicy, labels }: PodOptions,
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
        runAsUser: 10_001,
        runAsGroup: 10_001,
        fsGroup: 10_001,
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(restartPolicy === undefined && state.length === 0
        ? {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: selectorOf(labels) },
              },
            ],
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
          ...(served ? probes(service) : {}),
          // Requests equal to the limit of memory: what runs is never taken its memory away. CPU is not limited: a limit slows down, it saves nothing.
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
            ...scratchFolders(service).map((mountPath, index) => ({
              name: "tmp",
              mountPath,
              subPath: `scratch-${index}`,
            })),
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
      const { name, class: kind, required } = variable;
      return kind === "secret" || deployedValue(variable) === null
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

/** The Secret that people or an operator make; none is ever written to a file. */
export function secretName({ name }: PlannedService): string {
  return `${name}-env`;
}

function probes({ health, readiness, startup }: PlannedService) {
  const get = (path: string) => ({ httpGet: { path, port: "http" } });
  const alive = health === null ? { tcpSocket: { port: "http" } } : get(health);
  const ready = readiness === null ? alive : get(readiness);
  return {
    startupProbe: { ...alive, periodSeconds: 3, failureThreshold: Math.max(10, Math.ceil(startup / 3)) },
    readinessProbe: { ...ready, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
    livenessProbe: { ...alive, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
  };
}

function selectorOf(labels: Record<string, string>): Record<string, string> {
  return {
    "app.kubernetes.io/name": labels["app.kubernetes.io/name"] ?? "",
    "app.kubernetes.io/part-of": labels["app.kubernetes.io/part-of"] ?? "",
  };
}
