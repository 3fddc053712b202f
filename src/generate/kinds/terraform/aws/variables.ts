import { expr, type HclBlock, printHcl } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { identifier, output, variable } from "../blocks.ts";
import { servedBy } from "./service.ts";
import { isDatabase } from "./stores.ts";

/** What differs between environments; sizes have defaults, names have none. */
export function variables(plan: Plan): HclBlock[] {
  const run = plan.services.some(servedBy);
  return [
    variable("environment", "string", "Name of the environment: staging or production"),
    variable("region", "string", "Region of everything", plan.cloud.region),
    variable("domain", "string", "Host name that people open", ...(plan.domain ? [plan.domain] : [])),
    variable("zone_id", "string", "Id of the hosted zone of the domain in Route 53"),
    variable("vpc_cidr", "string", "Addresses of the network", "10.20.0.0/16"),
    variable("zones", "number", "How many zones are used", 2),
    variable("log_days", "number", "Days that logs are kept", 90),
    variable("alarm_email", "string", "Who gets the alarms"),
    ...(run
      ? [
          variable("nat_per_zone", "bool", "Whether each zone has its own way out", false),
          variable("images", "map(string)", "Image of each service with its digest, as the pipeline built it"),
          variable("min_replicas", "number", "Fewest replicas of each service", 2),
          variable("max_replicas", "number", "Most replicas of each service", 10),
        ]
      : []),
    ...(plan.stores.some(isDatabase)
      ? [
          variable("database_class", "string", "Size of the database", "db.t4g.small"),
          variable("database_multi_az", "bool", "Whether a second zone keeps a copy that takes over", true),
        ]
      : []),
    ...(plan.stores.some(({ kind }) => kind === "redis")
      ? [variable("cache_node", "string", "Size of the cache", "cache.t4g.small")]
      : []),
    ...(plan.repository ? [] : [variable("repository", "string", "owner/name on GitHub whose pipeline may deploy")]),
  ];
}

/** Sizes of an environment. */
export function values(plan: Plan, environment: "production" | "staging"): string {
  const big = environment === "production";
  const run = plan.services.filter(servedBy);
  const pairs = {
    environment,
    ...(plan.domain ? { domain: big ? plan.domain : `staging.${plan.domain}` } : {}),
    ...(run.length > 0
      ? {
          nat_per_zone: big,
          min_replicas: big ? Math.max(...run.map(({ scale }) => scale.min)) : 1,
          max_replicas: big ? Math.max(...run.map(({ scale }) => scale.max)) : 2,
        }
      : {}),
    ...(plan.stores.some(isDatabase)
      ? { database_class: big ? "db.t4g.medium" : "db.t4g.micro", database_multi_az: big }
      : {}),
  };
  const lines = printHcl([
    { block: "x", body: Object.entries(pairs).map(([attribute, value]) => ({ attribute, value })) },
  ]).split("\n");
  return `${lines
    .slice(1, -2)
    .map((line) => line.slice(2))
    .join("\n")}\n`;
}

/** What the pipeline and people need to know. */
export function outputs(plan: Plan): HclBlock[] {
  const run = plan.services.filter(servedBy);
  return [
    output("url", "Where people open it", expr('"https://${var.domain}"')),
    output("deploy_role_arn", "Role that the pipeline takes", expr("aws_iam_role.deploy.arn")),
    ...(run.length > 0 ? [output("cluster", "Name of the cluster", expr("aws_ecs_cluster.main.name"))] : []),
    ...run.map(({ name }) =>
      output(
        `${identifier(name)}_repository`,
        `Where images of ${name} go`,
        expr(`aws_ecr_repository.${identifier(name)}.repository_url`),
      ),
    ),
    ...(plan.stores.some(isDatabase)
      ? [output("database_address", "Host of the database", expr("aws_db_instance.main.address"))]
      : []),
  ];
}
