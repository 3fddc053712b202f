import type { Plan } from "../../../plan.ts";
import { checked } from "../checks.ts";
import { unsetSecrets } from "../environment.ts";
import type { Module } from "../module.ts";
import { containersOf, projectSlug } from "../naming.ts";
import { commonNotes, storeNotes } from "../notes.ts";
import { workloadsOf } from "../workloads.ts";
import { alerts } from "./alerts.ts";
import { buckets } from "./buckets.ts";
import { deployAccount, scheduler } from "./deploy.ts";
import { loadBalancer } from "./load-balancer.ts";
import { network } from "./network.ts";
import { googleEnvironments } from "./secrets.ts";
import { serviceBlocks } from "./service.ts";
import { main, settings } from "./settings.ts";
import { cacheBlocks, databaseBlocks } from "./stores.ts";
import { outputs, values, variables } from "./variables.ts";

const FOLDER = "infra/gcp";

/** Google Cloud: Cloud Run behind one load balancer, pages in buckets behind its CDN, stores with private addresses. */
export function gcpFiles(plan: Plan): Module {
  const environments = googleEnvironments(plan);
  const files = Object.fromEntries(
    [...environments].map(([service, environment]) => [
      `service-${service.name}`,
      {
        why: `service ${service.name}: account, secrets, programs and jobs`,
        blocks: serviceBlocks(service, environment, plan),
      },
    ]),
  );
  return {
    folder: FOLDER,
    files: {
      versions: { why: "versions, and where the state lies", blocks: settings(plan) },
      variables: { why: "what differs between environments", blocks: checked(variables(plan, environments), "gcp") },
      main: { why: "name of everything, services of Google, audit log, images", blocks: main(plan) },
      network: { why: "network, and the private range of stores", blocks: network(plan) },
      "load-balancer": { why: "address, certificate, firewall, routes, pages", blocks: loadBalancer(plan) },
      ...files,
      schedules: { why: "who starts jobs at their times", blocks: scheduler(plan) },
      database: { why: "database", blocks: databaseBlocks(plan) },
      cache: { why: "cache", blocks: cacheBlocks(plan) },
      buckets: { why: "buckets for files", blocks: buckets(plan) },
      alerts: { why: "alarms that people get", blocks: alerts(plan) },
      deploy: { why: "what the pipeline may do, without a stored key", blocks: deployAccount(plan) },
      outputs: { why: "what the pipeline and people need to know", blocks: outputs(plan) },
    },
    values: { production: values(plan, "production"), staging: values(plan, "staging") },
    init: "-backend-config=bucket=NAME -backend-config=prefix=ENVIRONMENT",
    secrets: unsetSecrets(environments).map(
      ({ service, name }) => `${projectSlug(plan)}-ENVIRONMENT-${service.name}-${name}`,
    ),
    notes: [
      "make the bucket of the state once, with versions on, before everything else",
      ...commonNotes(plan),
      ...storeNotes(plan, ["postgres", "mysql", "mariadb", "redis", "s3"], "Secret Manager"),
      ...cacheNotes(plan),
      ...bucketNotes(plan),
      ...workerNotes(plan),
    ],
  };
}

function cacheNotes({ stores }: Plan): string[] {
  return stores.some(({ kind }) => kind === "redis")
    ? [
        "the cache shows a certificate of Google's own: programs other than Node read its authority from the file that REDIS_CA_FILE names",
      ]
    : [];
}

function bucketNotes({ stores }: Plan): string[] {
  return stores
    .filter(({ kind }) => kind === "s3")
    .map(
      ({ name }) =>
        `${name} is a bucket of Cloud Storage: a client of S3 reaches it at https://storage.googleapis.com with an HMAC key of the service's account`,
    );
}

function workerNotes(plan: Plan): string[] {
  const any = containersOf(plan).some((service) => workloadsOf(service).some(({ kind }) => kind === "worker"));
  return any ? ["worker pools of Cloud Run do not scale by themselves: replicas.min is how many run"] : [];
}
