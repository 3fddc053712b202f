import { block, expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, data, nested, resource } from "../blocks.ts";
import { containersOf, pagesOf, projectSlug, serversOf } from "../naming.ts";
import { place } from "./place.ts";
import { databasesOf, hasCache } from "./stores.ts";

/** Versions, the backend of the state, and the provider. */
export function settings(plan: Plan): HclBlock[] {
  return [
    {
      block: "terraform",
      body: [
        { attribute: "required_version", value: ">= 1.11.0, < 2.0.0" },
        nested("required_providers", {
          azurerm: { source: "hashicorp/azurerm", version: "~> 4.55" },
          ...(databasesOf(plan).length > 0 ? { random: { source: "hashicorp/random", version: "~> 3.7" } } : {}),
        }),
        commented(
          "Account, container and key are given at init: they exist before everything else. Azure encrypts the state, and a run leases it.",
          block("backend", ["azurerm"], { use_azuread_auth: true }),
        ),
      ],
    },
    commented(
      "The subscription comes from ARM_SUBSCRIPTION_ID.",
      block("provider", ["azurerm"], { storage_use_azuread: true }, [nested("features", {})]),
    ),
  ];
}

/** The group that everything lies in, its names, and where logs go. */
export function main(plan: Plan): HclBlock[] {
  const run = containersOf(plan).length > 0;
  return [
    data("azurerm_client_config", "current", {}),
    {
      block: "locals",
      body: [
        { attribute: "name", value: template(`${projectSlug(plan)}-\${var.environment}`) },
        {
          attribute: "plain",
          value: expr('replace(local.name, "-", "")'),
          comment: "Some names are letters and digits, and belong to one customer in the world.",
        },
        {
          attribute: "unique",
          value: expr(
            'substr(sha256(join("/", [data.azurerm_client_config.current.subscription_id, local.name])), 0, 6)',
          ),
        },
        {
          attribute: "tags",
          value: { environment: expr("var.environment"), "managed-by": "terraform", project: projectSlug(plan) },
        },
      ],
    },
    resource("azurerm_resource_group", "main", {
      name: expr("local.name"),
      location: expr("var.region"),
      tags: expr("local.tags"),
    }),
    resource("azurerm_log_analytics_workspace", "main", {
      name: expr("local.name"),
      ...place(),
      sku: "PerGB2018",
      retention_in_days: expr("var.log_days"),
      tags: expr("local.tags"),
    }),
    ...(run ? [registry()] : []),
    ...diagnostics(plan).map(([id, target]) =>
      resource(
        "azurerm_monitor_diagnostic_setting",
        id,
        {
          name: "everything",
          target_resource_id: expr(target),
          log_analytics_workspace_id: expr("azurerm_log_analytics_workspace.main.id"),
        },
        [nested("enabled_log", { category_group: "allLogs" })],
      ),
    ),
  ];
}

/** Resources whose use is written down. */
function diagnostics(plan: Plan): [id: string, target: string][] {
  const reached = pagesOf(plan).length > 0 || serversOf(plan).length > 0;
  return [
    ...(containersOf(plan).length > 0
      ? ([
          ["registry", "azurerm_container_registry.main.id"],
          ["vault", "azurerm_key_vault.main.id"],
        ] as [string, string][])
      : []),
    ...(reached ? [["front_door", "azurerm_cdn_frontdoor_profile.main.id"] as [string, string]] : []),
    ...databasesOf(plan).map(({ address, id }): [string, string] => [`${id}_store`, `${address}.id`]),
    ...(hasCache(plan) ? [["cache", "azurerm_managed_redis.main.id"] as [string, string]] : []),
  ];
}

function registry(): HclBlock {
  return resource("azurerm_container_registry", "main", {
    name: template("${substr(local.plain, 0, 40)}${local.unique}"),
    ...place(),
    sku: "Standard",
    admin_enabled: false,
    tags: expr("local.tags"),
  });
}
