import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { PlannedService } from "../../../plan.ts";
import { commented, identifier, nested, resource } from "../blocks.ts";
import type { Environment } from "../environment.ts";
import { environmentLocal } from "../inputs.ts";
import { fitted } from "../naming.ts";
import { type Workload, workloadsOf } from "../workloads.ts";
import { container, type Part, surroundings, volumes } from "./container.ts";
import { place } from "./place.ts";
import { identityBlocks } from "./vault.ts";

const LONGEST_NAME = 20;

/** Everything of one service and of the programs that run from its image. */
export function serviceBlocks(service: PlannedService, environment: Environment): HclBlock[] {
  const id = identifier(service.name);
  return [
    ...environmentLocal(id, environment),
    ...identityBlocks(service, id, environment),
    ...files(service, id),
    ...workloadsOf(service).map((workload) => {
      const part = { workload, service, environment };
      return workload.kind === "server" || workload.kind === "worker" ? app(part) : job(part);
    }),
  ];
}

/** The environment that all programs run in. */
export function appEnvironment(): HclBlock {
  return resource(
    "azurerm_container_app_environment",
    "main",
    {
      name: expr("local.name"),
      ...place(),
      logs_destination: "log-analytics",
      log_analytics_workspace_id: expr("azurerm_log_analytics_workspace.main.id"),
      infrastructure_subnet_id: expr("azurerm_subnet.apps.id"),
      zone_redundancy_enabled: expr("var.zone_redundant"),
      tags: expr("local.tags"),
    },
    [nested("workload_profile", { name: "Consumption", workload_profile_type: "Consumption" })],
  );
}

/** Names of apps are short: with the environment behind it, it fits. */
function nameOf({ name }: Workload) {
  return template(`${fitted(name, LONGEST_NAME)}-\${var.environment}`);
}

const COMMON = {
  resource_group_name: expr("azurerm_resource_group.main.name"),
  container_app_environment_id: expr("azurerm_container_app_environment.main.id"),
  workload_profile_name: "Consumption",
};

function app(part: Part): HclBlock {
  const { workload, service } = part;
  const { scale, port } = service;
  const count = `var.replicas["${workload.name}"]`;
  const rule = (metric: "cpu" | "memory") =>
    nested("custom_scale_rule", {
      name: metric,
      custom_rule_type: metric,
      metadata: { type: "Utilization", value: String(scale[metric]) },
    });
  return resource(
    "azurerm_container_app",
    workload.id,
    { name: nameOf(workload), ...COMMON, revision_mode: "Single", tags: expr("local.tags"), depends_on: waits(part) },
    [
      ...surroundings(part),
      ...(workload.kind === "server" && port !== null
        ? [
            nested("ingress", { external_enabled: true, target_port: port, allow_insecure_connections: false }, [
              nested("traffic_weight", { latest_revision: true, percentage: 100 }),
            ]),
          ]
        : []),
      nested(
        "template",
        {
          min_replicas: expr(`${count}.min`),
          max_replicas: expr(`${count}.max`),
          termination_grace_period_seconds: Math.min(600, service.drain + service.grace),
        },
        [container(part), rule("cpu"), rule("memory"), ...volumes(service)],
      ),
      commented(
        "The pipeline releases.",
        nested("lifecycle", { ignore_changes: [expr("template[0].container[0].image")] }),
      ),
    ],
  );
}

function job(part: Part): HclBlock {
  const { workload, service } = part;
  const once = { parallelism: 1, replica_completion_count: 1 };
  return resource(
    "azurerm_container_app_job",
    workload.id,
    {
      name: nameOf(workload),
      location: expr("azurerm_resource_group.main.location"),
      ...COMMON,
      replica_timeout_in_seconds: 3_600,
      replica_retry_limit: workload.kind === "schedule" ? 1 : 0,
      tags: expr("local.tags"),
      depends_on: waits(part),
    },
    [
      ...surroundings(part),
      workload.schedule === null
        ? nested("manual_trigger_config", once)
        : nested("schedule_trigger_config", { cron_expression: workload.schedule, ...once }),
      nested("template", {}, [container(part), ...volumes(service)]),
      commented(
        "The pipeline releases.",
        nested("lifecycle", { ignore_changes: [expr("template[0].container[0].image")] }),
      ),
    ],
  );
}

/** A program starts once it may fetch its image and read its secrets. */
function waits({ service, environment }: Part) {
  const id = identifier(service.name);
  return [
    expr(`azurerm_role_assignment.${id}_pull`),
    ...(environment.secret.length > 0 ? [expr(`azurerm_role_assignment.${id}_secrets`)] : []),
    ...environment.secret
      .filter(({ value }) => value !== null)
      .map(({ name }) => expr(`azurerm_key_vault_secret.${id}_${identifier(name)}`)),
  ];
}

/** Folders that outlive a release, as shares of a storage account. */
function files(service: PlannedService, id: string): HclBlock[] {
  if (service.state.length === 0) return [];
  return [
    resource(
      "azurerm_storage_account",
      `${id}_files`,
      {
        name: template(`\${substr(local.plain, 0, 10)}\${local.unique}f${fitted(service.name, 6).replaceAll("-", "")}`),
        ...place(),
        account_tier: "Standard",
        account_replication_type: "ZRS",
        min_tls_version: "TLS1_2",
        https_traffic_only_enabled: true,
        allow_nested_items_to_be_public: false,
        tags: expr("local.tags"),
      },
      [nested("lifecycle", { prevent_destroy: true })],
    ),
    ...service.state.flatMap((_, index) => [
      resource("azurerm_storage_share", `${id}_${index}`, {
        name: `state-${index}`,
        storage_account_id: expr(`azurerm_storage_account.${id}_files.id`),
        quota: 20,
      }),
      resource("azurerm_container_app_environment_storage", `${id}_${index}`, {
        name: `${fitted(service.name, 20)}-${index}`,
        container_app_environment_id: expr("azurerm_container_app_environment.main.id"),
        account_name: expr(`azurerm_storage_account.${id}_files.name`),
        access_key: expr(`azurerm_storage_account.${id}_files.primary_access_key`),
        share_name: expr(`azurerm_storage_share.${id}_${index}.name`),
        access_mode: "ReadWrite",
      }),
    ]),
  ];
}
