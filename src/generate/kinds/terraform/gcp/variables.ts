import { expr, type HclBlock, type HclValue } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { identifier, output, variable } from "../blocks.ts";
import { commonVariables, type Environments, sizes } from "../inputs.ts";
import { containersOf, hostOf, pagesOf, serversOf } from "../naming.ts";
import { trustOf } from "../trust.ts";
import { workloadsOf } from "../workloads.ts";
import { hasAlerts } from "./alerts.ts";
import { databasesOf, hasCache, needsNetwork } from "./stores.ts";

/** What differs between environments. */
export function variables(plan: Plan, environments: Environments): HclBlock[] {
  const reached = [...pagesOf(plan), ...serversOf(plan)].length > 0;
  return [
    variable("project_id", "string", "Id of the project of Google Cloud: best one for each environment"),
    ...commonVariables(plan, environments),
    ...(reached ? [variable("dns_zone", "string", "Name of the managed zone of the domain in Cloud DNS")] : []),
    ...(needsNetwork(plan) ? [variable("subnet_cidr", "string", "Addresses of the network", "10.20.0.0/22")] : []),
    ...(hasAlerts(plan) ? [variable("alarm_email", "string", "Who gets the alarms")] : []),
    ...(databasesOf(plan).length > 0
      ? [
          variable("database_tier", "string", "Size of the database", "db-custom-1-3840"),
          variable(
            "database_availability",
            "string",
            "REGIONAL: a second zone takes over; ZONAL: none does",
            "REGIONAL",
          ),
        ]
      : []),
    ...(hasCache(plan)
      ? [variable("cache_tier", "string", "STANDARD_HA: a second zone takes over; BASIC: none does", "STANDARD_HA")]
      : []),
  ];
}

/** Sizes of an environment. */
export function values(plan: Plan, environment: "production" | "staging"): string {
  const production = environment === "production";
  return sizes(plan, environment, {
    ...(databasesOf(plan).length > 0
      ? {
          database_tier: production ? "db-custom-1-3840" : "db-f1-micro",
          database_availability: production ? "REGIONAL" : "ZONAL",
        }
      : {}),
    ...(hasCache(plan) ? { cache_tier: production ? "STANDARD_HA" : "BASIC" } : {}),
  });
}

/** What the pipeline and people need to know. */
export function outputs(plan: Plan): HclBlock[] {
  const reached = [...pagesOf(plan), ...serversOf(plan)];
  const workloads = containersOf(plan).flatMap(workloadsOf);
  const map = (entries: readonly (readonly [string, HclValue])[]) => Object.fromEntries(entries);
  const named = (name: string, title: string, kinds: readonly string[], type: (kind: string) => string) => {
    const found = workloads.filter(({ kind }) => kinds.includes(kind));
    const value = map(
      found.map(({ id, name: key, kind }) => [key, expr(`google_cloud_run_v2_${type(kind)}.${id}.name`)]),
    );
    return found.length === 0 ? [] : [output(name, title, value)];
  };
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
    ...(containersOf(plan).length > 0
      ? [
          output(
            "registry",
            "Where images go: below it, by the name of the service",
            expr(
              '"${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.main.repository_id}"',
            ),
          ),
        ]
      : []),
    ...named("services", "Name of each service of Cloud Run", ["server"], () => "service"),
    ...named("workers", "Name of each worker pool of Cloud Run", ["worker"], () => "worker_pool"),
    ...named(
      "jobs",
      "Name of each job of Cloud Run; migrations run before a release",
      ["schedule", "task"],
      () => "job",
    ),
    ...(pagesOf(plan).length > 0
      ? [
          output(
            "pages",
            "Bucket of the pages of each service",
            map(pagesOf(plan).map(({ name }) => [name, expr(`google_storage_bucket.${identifier(name)}_pages.name`)])),
          ),
          output(
            "url_map",
            "Whose cache is emptied after new pages are there",
            expr("google_compute_url_map.main.name"),
          ),
        ]
      : []),
    output(
      "workload_identity_provider",
      "What the pipeline shows its token to",
      expr(`google_iam_workload_identity_pool_provider.${trustOf(plan).id}.name`),
    ),
    output("deploy_account", "Account that the pipeline becomes", expr("google_service_account.deploy.email")),
    ...databasesOf(plan).map(({ name }) =>
      output(
        `${identifier(name)}_connection`,
        `Connection name of the database ${name}`,
        expr(`google_sql_database_instance.${identifier(name)}.connection_name`),
      ),
    ),
  ];
}
