import { expr, type HclBlock, type HclValue } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { identifier, output, variable } from "../blocks.ts";
import { commonVariables, type Environments, sizes } from "../inputs.ts";
import { containersOf, hostOf, pagesOf, serversOf } from "../naming.ts";
import { workloadsOf } from "../workloads.ts";
import { hasAlerts } from "./alerts.ts";
import { databasesOf, hasCache } from "./stores.ts";

/** What differs between environments. */
export function variables(plan: Plan, environments: Environments): HclBlock[] {
  const run = containersOf(plan).length > 0;
  const reached = [...pagesOf(plan), ...serversOf(plan)].length > 0;
  const network = run || databasesOf(plan).length > 0 || hasCache(plan);
  return [
    ...commonVariables(plan, environments),
    variable("log_days", "number", "Days that logs are kept: 30 at least", 90),
    ...(reached
      ? [
          variable("dns_zone", "string", "Name of the DNS zone that the domain lies in"),
          variable("dns_resource_group", "string", "Resource group of the DNS zone"),
        ]
      : []),
    ...(network ? [variable("vnet_cidr", "string", "Addresses of the network: a /16", "10.20.0.0/16")] : []),
    ...(run ? [variable("zone_redundant", "bool", "Whether programs run in several zones", true)] : []),
    ...(hasAlerts(plan) ? [variable("alarm_email", "string", "Who gets the alarms")] : []),
    ...(databasesOf(plan).length > 0
      ? [
          variable("database_sku", "string", "Size of the database", "GP_Standard_D2ds_v4"),
          variable("database_second_zone", "bool", "Whether a copy in a second zone takes over", true),
          variable("database_geo_backup", "bool", "Whether backups lie in a second region too", true),
        ]
      : []),
    ...(hasCache(plan)
      ? [
          variable("cache_sku", "string", "Size of the cache", "Balanced_B1"),
          variable("cache_second_zone", "bool", "Whether a copy of the cache takes over", true),
        ]
      : []),
  ];
}

/** Sizes of an environment. */
export function values(plan: Plan, environment: "production" | "staging"): string {
  const production = environment === "production";
  const postgresOnly = databasesOf(plan).every(({ engine }) => engine === "postgres");
  return sizes(plan, environment, {
    ...(containersOf(plan).length > 0 ? { zone_redundant: production } : {}),
    ...(databasesOf(plan).length > 0
      ? {
          database_sku: production ? "GP_Standard_D2ds_v4" : postgresOnly ? "B_Standard_B1ms" : "B_Standard_B2ms",
          database_second_zone: production,
          database_geo_backup: production,
        }
      : {}),
    ...(hasCache(plan) ? { cache_sku: production ? "Balanced_B1" : "Balanced_B0", cache_second_zone: production } : {}),
  });
}

/** What the pipeline and people need to know. */
export function outputs(plan: Plan): HclBlock[] {
  const reached = [...pagesOf(plan), ...serversOf(plan)];
  const workloads = containersOf(plan).flatMap(workloadsOf);
  const named = (name: string, title: string, kinds: readonly string[], type: string) => {
    const found = workloads.filter(({ kind }) => kinds.includes(kind));
    if (found.length === 0) return [];
    return [
      output(name, title, Object.fromEntries(found.map(({ id, name: key }) => [key, expr(`${type}.${id}.name`)]))),
    ];
  };
  return [
    ...(reached.length > 0
      ? [
          output(
            "urls",
            "Where each service is opened",
            Object.fromEntries(reached.map((service) => [service.name, expr(`"https://${hostOf(service, plan)}"`)])),
          ),
        ]
      : []),
    output("resource_group", "Group that everything lies in", expr("azurerm_resource_group.main.name")),
    ...(containersOf(plan).length > 0
      ? [
          output("registry", "Where images go", expr("azurerm_container_registry.main.login_server")),
          output("vault", "Where values of secrets are set", expr("azurerm_key_vault.main.name")),
        ]
      : []),
    ...named("apps", "Name of each container app", ["server", "worker"], "azurerm_container_app"),
    ...named(
      "jobs",
      "Name of each job; migrations run before a release",
      ["schedule", "task"],
      "azurerm_container_app_job",
    ),
    ...(pagesOf(plan).length > 0
      ? [
          output(
            "pages",
            "Storage account of the pages of each service; they go into its container $web",
            Object.fromEntries(
              pagesOf(plan).map(({ name }): [string, HclValue] => [
                name,
                expr(`azurerm_storage_account.${identifier(name)}_pages.name`),
              ]),
            ),
          ),
          output("front_door", "Profile and endpoint whose cache is emptied after new pages are there", {
            profile: expr("azurerm_cdn_frontdoor_profile.main.name"),
            endpoint: expr("azurerm_cdn_frontdoor_endpoint.main.name"),
          }),
        ]
      : []),
    output(
      "deploy_client_id",
      "Identity that the pipeline takes",
      expr("azurerm_user_assigned_identity.deploy.client_id"),
    ),
    output("tenant_id", "Tenant of that identity", expr("data.azurerm_client_config.current.tenant_id")),
    output("subscription_id", "Subscription", expr("data.azurerm_client_config.current.subscription_id")),
    ...databasesOf(plan).map(({ id, address, store }) =>
      output(`${id}_host`, `Host of the database ${store.name}`, expr(`${address}.fqdn`)),
    ),
  ];
}
