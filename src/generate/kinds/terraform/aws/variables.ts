import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { identifier, output, variable } from "../blocks.ts";
import { commonVariables, type Environments, sizes } from "../inputs.ts";
import { containersOf, hostOf, pagesOf, serversOf } from "../naming.ts";
import { trustOf } from "../trust.ts";
import { workloadsOf } from "../workloads.ts";
import { hasAlarms } from "./alarms.ts";
import { needsNetwork } from "./network.ts";
import { pageId } from "./pages.ts";
import { databasesOf } from "./stores.ts";

/** What differs between environments; sizes have defaults, names have none. */
export function variables(plan: Plan, environments: Environments): HclBlock[] {
  const run = containersOf(plan).length > 0;
  const reached = serversOf(plan).length > 0 || pagesOf(plan).length > 0;
  const network = needsNetwork(plan);
  const trust = trustOf(plan);
  return [
    ...commonVariables(plan, environments),
    ...(reached ? [variable("zone_id", "string", "Id of the hosted zone of the domain in Route 53")] : []),
    ...(network
      ? [
          variable("vpc_cidr", "string", "Addresses of the network", "10.20.0.0/16"),
          variable("zones", "number", "How many zones are used: two to four", 2),
          variable("log_days", "number", "Days that logs are kept", 90),
        ]
      : []),
    ...(run ? [variable("nat_per_zone", "bool", "Whether each zone has its own way out", false)] : []),
    ...(hasAlarms(plan) ? [variable("alarm_email", "string", "Who gets the alarms")] : []),
    ...(databasesOf(plan).length > 0
      ? [
          variable("database_class", "string", "Size of the database", "db.t4g.small"),
          variable("database_multi_az", "bool", "Whether a second zone keeps a copy that takes over", true),
        ]
      : []),
    ...(hasCache(plan)
      ? [
          variable("cache_node", "string", "Size of the cache", "cache.t4g.small"),
          variable("cache_nodes", "number", "Nodes of the cache: one takes over for another", 2),
        ]
      : []),
    variable(
      `create_${trust.id}_provider`,
      "bool",
      `Whether this is the first environment of its account that ${trust.name} deploys to: an account knows ${trust.name} once`,
      true,
    ),
  ];
}

function hasCache({ stores }: Plan): boolean {
  return stores.some(({ kind }) => kind === "redis");
}

/** Sizes of an environment. */
export function values(plan: Plan, environment: "production" | "staging"): string {
  const production = environment === "production";
  return sizes(plan, environment, {
    ...(containersOf(plan).length > 0 ? { nat_per_zone: production } : {}),
    ...(databasesOf(plan).length > 0
      ? { database_class: production ? "db.t4g.medium" : "db.t4g.micro", database_multi_az: production }
      : {}),
    ...(hasCache(plan)
      ? { cache_node: production ? "cache.t4g.small" : "cache.t4g.micro", cache_nodes: production ? 2 : 1 }
      : {}),
  });
}

/** What the pipeline and people need to know. */
export function outputs(plan: Plan): HclBlock[] {
  const run = containersOf(plan);
  const reached = [...pagesOf(plan), ...serversOf(plan)];
  const workloads = run.flatMap((service) => workloadsOf(service).map((workload) => ({ ...workload, service })));
  const tasks = workloads.filter(({ kind }) => kind === "task");
  const always = workloads.filter(({ kind }) => kind === "server" || kind === "worker");
  const map = (entries: readonly (readonly [string, HclValue])[]) => Object.fromEntries(entries);
  return [
    ...(reached.length > 0
      ? [
          output(
            "urls",
            "Where each service is opened",
            map(reached.map((service) => [service.name, expr(`"https://${hostOf(service, plan)}"`)])),
          ),
        ]
      : []),
    output("deploy_role_arn", "Role that the pipeline takes", expr("aws_iam_role.deploy.arn")),
    ...(run.length > 0
      ? [
          output("cluster", "Name of the cluster", expr("aws_ecs_cluster.main.name")),
          output(
            "registry",
            "Registry that the images are copied into",
            template("${data.aws_caller_identity.current.account_id}.dkr.ecr.${var.region}.amazonaws.com"),
          ),
          output(
            "repositories",
            "Where images of each service go",
            map(run.map(({ name }) => [name, expr(`aws_ecr_repository.${identifier(name)}.repository_url`)])),
          ),
        ]
      : []),
    ...(always.length > 0
      ? [
          output(
            "services",
            "Family of the task definition of each ECS service",
            map(always.map(({ id, name }) => [name, expr(`aws_ecs_task_definition.${id}.family`)])),
          ),
        ]
      : []),
    ...(tasks.length > 0
      ? [
          output(
            "tasks",
            "What `aws ecs run-task` needs to run each task to its end: migrations before a release",
            map(
              tasks.map(({ id, name, service }): [string, HclValue] => [
                name,
                {
                  family: expr(`aws_ecs_task_definition.${id}.family`),
                  subnets: expr("aws_subnet.private[*].id"),
                  security_group: expr(`aws_security_group.${identifier(service.name)}.id`),
                },
              ]),
            ),
          ),
        ]
      : []),
    ...(pagesOf(plan).length > 0
      ? [
          output(
            "pages",
            "Bucket and distribution of the pages of each service",
            map(
              pagesOf(plan).map((service): [string, HclValue] => [
                service.name,
                {
                  bucket: expr(`aws_s3_bucket.${pageId(service)}.bucket`),
                  distribution: expr(`aws_cloudfront_distribution.${pageId(service)}.id`),
                },
              ]),
            ),
          ),
        ]
      : []),
    ...databasesOf(plan).map(({ name }) =>
      output(
        `${identifier(name)}_host`,
        `Host of the database ${name}`,
        expr(`aws_db_instance.${identifier(name)}.address`),
      ),
    ),
  ];
}
