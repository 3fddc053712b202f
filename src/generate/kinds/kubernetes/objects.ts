import type { Plan, PlannedService } from "../../plan.ts";
import { mayKeepDatabase } from "../../state-folders.ts";
import { hostOf } from "./ingress.ts";
import { type KubernetesObject, labelsOf } from "./labels.ts";
import { cronName, runsAlone, runsAlways, runsByHand } from "./names.ts";
import { podTemplate } from "./pod.ts";
import type { Values } from "./values.ts";

/** Where the registry wants a password; without such a Secret images are fetched as anybody may. */
export const PULL_SECRET = "registry";
/** A clock has to say something: there is no such day. */
const NEVER = "0 0 31 2 *";

/** All objects of one service, by the name of their file. */
export function serviceObjects(service: PlannedService, plan: Plan, values: Values): KubernetesObject[] {
  const workers = service.processes.flatMap(({ name, command }) =>
    deployment(service, { plan, values, name: `${service.name}-${name}`, command }),
  );
  return [
    account(service.name, plan),
    ...(service.state.length > 0 ? [stateVolume(service, plan)] : []),
    ...(runsAlways(service) ? deployment(service, { plan, values, name: service.name }) : []),
    ...workers,
    ...service.crons.map((cron) => cronJob(service, cron, plan, values)),
    ...(runsByHand(service) ? [byHand(service, plan, values)] : []),
  ];
}

/** What brings the database to a release before that starts: a job with an account of its own, since nothing else may be there yet. */
export function migrationObjects(service: PlannedService, plan: Plan, values: Values): KubernetesObject[] {
  if (!service.migrations) return [];
  return [account(`${service.name}-migrate`, plan), migrationJob(service, service.migrations.command, plan, values)];
}

/** A job that waits: `kubectl create job --from` starts it as often as somebody wants. */
function byHand(service: PlannedService, plan: Plan, values: Values): KubernetesObject {
  const job = cronJob(service, { name: service.name, schedule: NEVER, command: null }, plan, values);
  return { ...job, spec: { suspend: true, ...(job.spec as object) } };
}

function account(name: string, plan: Plan): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, labels: labelsOf(plan, name, "account").all },
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: PULL_SECRET }],
  };
}

/** The files of a service that outlive a release. */
export function stateVolume({ name }: PlannedService, plan: Plan): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: `${name}-state`, labels: labelsOf(plan, name, "state").all },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } } },
  };
}

/** A Deployment with what keeps it available: replicas by load, one pod away at a time. One pod alone where it writes files: two would destroy them. */
function deployment(
  service: PlannedService,
  { plan, values, name, command }: { plan: Plan; values: Values; name: string; command?: string },
): KubernetesObject[] {
  const served = command === undefined && service.port !== null;
  const { selector, all } = labelsOf(plan, name, served ? "server" : "worker");
  const meta = { name, labels: all };
  const single = runsAlone(service, command);
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: meta,
      spec: {
        revisionHistoryLimit: 5,
        selector: { matchLabels: selector },
        ...(single ? { replicas: 1 } : {}),
        strategy: single
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: podTemplate(service, {
          values,
          name,
          served,
          labels: all,
          ...(command ? { command } : {}),
          ...(served ? { host: hostOf(service, plan, values) } : {}),
        }),
      },
    },
    ...(served
      ? [
          {
            apiVersion: "v1",
            kind: "Service",
            // A connection that stays open comes back to the pod it began with.
            metadata: service.websocket
              ? { ...meta, annotations: { "traefik.ingress.kubernetes.io/service.sticky.cookie": "true" } }
              : meta,
            spec: { selector, ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }] },
          },
        ]
      : []),
    ...(single ? [] : availability(service, { values, name, meta, selector })),
  ];
}

/** As many pods as the load asks for, and one away at a time. */
function availability(
  service: PlannedService,
  {
    values,
    name,
    meta,
    selector,
  }: { values: Values; name: string; meta: KubernetesObject["metadata"]; selector: Record<string, string> },
): KubernetesObject[] {
  return [
    {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: meta,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: values.minReplicas(service),
        maxReplicas: values.maxReplicas(service),
        metrics: (["cpu", "memory"] as const).map((resource) => ({
          type: "Resource",
          resource: { name: resource, target: { type: "Utilization", averageUtilization: service.scale[resource] } },
        })),
        behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
      },
    },
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: meta,
      spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: selector } },
    },
  ];
}

function cronJob(
  service: PlannedService,
  cron: PlannedService["crons"][number],
  plan: Plan,
  values: Values,
): KubernetesObject {
  const name = cronName(service, cron);
  const { all } = labelsOf(plan, name, "cron");
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, labels: all },
    spec: {
      schedule: cron.schedule,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 1,
          activeDeadlineSeconds: 3_600,
          ttlSecondsAfterFinished: 86_400,
          template: podTemplate(service, {
            values,
            name,
            labels: all,
            restartPolicy: "Never",
            ...(cron.command ? { command: cron.command } : {}),
          }),
        },
      },
    },
  };
}

function migrationJob(service: PlannedService, command: string, plan: Plan, values: Values): KubernetesObject {
  const name = `${service.name}-migrate`;
  const { all } = labelsOf(plan, name, "migration");
  // The volume comes with the release, and a pod waits for its volume: uploads are nothing to a migration.
  const withFiles = mayKeepDatabase(service, plan);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels: all },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 900,
      ttlSecondsAfterFinished: 3_600,
      template: podTemplate(withFiles ? service : { ...service, state: [] }, {
        values,
        name,
        account: name,
        labels: all,
        restartPolicy: "Never",
        command,
        ...(withFiles ? {} : { scratch: service.state }),
      }),
    },
  };
}
