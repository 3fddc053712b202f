import type { Plan } from "../../../plan.ts";
import { checked } from "../checks.ts";
import { unsetSecrets } from "../environment.ts";
import type { Module } from "../module.ts";
import { projectSlug } from "../naming.ts";
import { commonNotes, storeNotes } from "../notes.ts";
import { trustOf } from "../trust.ts";
import { alarms } from "./alarms.ts";
import { buckets } from "./buckets.ts";
import { clusterBlocks } from "./cluster.ts";
import { deployRole } from "./deploy-role.ts";
import { loadBalancer } from "./load-balancer.ts";
import { main } from "./main.ts";
import { network } from "./network.ts";
import { pages } from "./pages.ts";
import { unscheduled } from "./schedules.ts";
import { awsEnvironments } from "./secrets.ts";
import { serviceBlocks } from "./service.ts";
import { settings } from "./settings.ts";
import { cacheBlocks, databaseBlocks } from "./stores.ts";
import { outputs, values, variables } from "./variables.ts";

const FOLDER = "infra/aws";

/** AWS: Fargate behind a load balancer, pages in S3 behind CloudFront, stores in subnets without a way out. */
export function awsFiles(plan: Plan): Module {
  const environments = awsEnvironments(plan);
  const files = Object.fromEntries(
    [...environments].map(([service, environment]) => [
      `service-${service.name}`,
      {
        why: `service ${service.name}: image, log, rights, tasks, replicas by load`,
        blocks: serviceBlocks(service, environment, plan),
      },
    ]),
  );
  return {
    folder: FOLDER,
    files: {
      versions: { why: "versions, and where the state lies", blocks: settings(plan) },
      variables: { why: "what differs between environments", blocks: checked(variables(plan, environments), "aws") },
      main: { why: "name of everything, account, zones", blocks: main(plan) },
      network: {
        why: "network: public for the load balancer, private for tasks, closed for stores",
        blocks: network(plan),
      },
      "load-balancer": { why: "load balancer, certificate, firewall", blocks: loadBalancer(plan) },
      cluster: { why: "cluster that tasks run in", blocks: clusterBlocks(plan) },
      ...files,
      database: { why: "database", blocks: databaseBlocks(plan) },
      cache: { why: "cache", blocks: cacheBlocks(plan) },
      buckets: { why: "buckets for logs and files", blocks: buckets(plan) },
      pages: { why: "pages in S3 behind CloudFront", blocks: pages(plan) },
      alarms: { why: "alarms that people get", blocks: alarms(plan) },
      "deploy-role": { why: "what the pipeline may do, without a stored key", blocks: deployRole(plan) },
      outputs: { why: "what the pipeline and people need to know", blocks: outputs(plan) },
    },
    values: { production: values(plan, "production"), staging: values(plan, "staging") },
    init: `-backend-config=bucket=NAME -backend-config=key=ENVIRONMENT.tfstate -backend-config=region=${plan.cloud.region}`,
    secrets: unsetSecrets(environments).map(
      ({ service, name }) => `${projectSlug(plan)}-ENVIRONMENT/${service.name}/${name}`,
    ),
    notes: [
      "make the bucket of the state once, with versions on, before everything else",
      `where staging and production share an account, the second of them sets create_${trustOf(plan).id}_provider = false`,
      ...commonNotes(plan),
      ...storeNotes(plan, ["postgres", "mysql", "mariadb", "redis", "s3"], "Secrets Manager"),
      ...unscheduled(plan),
    ],
  };
}
