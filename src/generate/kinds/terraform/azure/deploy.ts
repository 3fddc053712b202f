import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, identifier, nested, resource } from "../blocks.ts";
import { containersOf, pagesOf } from "../naming.ts";
import { trustOf } from "../trust.ts";
import { workloadsOf } from "../workloads.ts";
import { place } from "./place.ts";

/** The identity of the pipeline: only jobs of this repository take it, and it does no more than deploy. */
export function deployIdentity(plan: Plan): HclBlock[] {
  const { id, issuer, subject } = trustOf(plan);
  const run = containersOf(plan);
  const pages = pagesOf(plan);
  return [
    resource("azurerm_user_assigned_identity", "deploy", {
      name: template("${local.name}-pipeline"),
      ...place(),
      tags: expr("local.tags"),
    }),
    resource("azurerm_federated_identity_credential", id, {
      name: id,
      resource_group_name: expr("azurerm_resource_group.main.name"),
      parent_id: expr("azurerm_user_assigned_identity.deploy.id"),
      issuer: template(issuer),
      audience: ["api://AzureADTokenExchange"],
      subject: template(subject),
    }),
    ...(run.length > 0 ? [right("deploy_push", "azurerm_container_registry.main.id", "AcrPush"), ...joining()] : []),
    ...run.flatMap((service) => [
      // Who gives a program its identity has to be allowed to.
      right(
        `${identifier(service.name)}_deploy_identity`,
        `azurerm_user_assigned_identity.${identifier(service.name)}.id`,
        "Managed Identity Operator",
      ),
      ...workloadsOf(service).map(({ id, kind }) =>
        kind === "server" || kind === "worker"
          ? right(`${id}_deploy`, `azurerm_container_app.${id}.id`, "Container Apps Contributor")
          : right(`${id}_deploy`, `azurerm_container_app_job.${id}.id`, "Container Apps Jobs Contributor"),
      ),
    ]),
    ...pages.map(({ name }) =>
      right(
        `${identifier(name)}_deploy_pages`,
        `azurerm_storage_account.${identifier(name)}_pages.id`,
        "Storage Blob Data Contributor",
      ),
    ),
    ...(pages.length > 0
      ? [right("deploy_purge", "azurerm_cdn_frontdoor_endpoint.main.id", "CDN Endpoint Contributor")]
      : []),
  ];
}

/** A change of an app is a change in its environment too: this right holds nothing else. */
function joining(): HclBlock[] {
  return [
    commented(
      "Azure asks for this where an app is changed; no ready-made role allows it and nothing more.",
      resource(
        "azurerm_role_definition",
        "join",
        {
          name: template("Join ${local.name}"),
          scope: expr("azurerm_resource_group.main.id"),
          assignable_scopes: [expr("azurerm_resource_group.main.id")],
        },
        [
          nested("permissions", {
            actions: ["Microsoft.App/managedEnvironments/join/action", "Microsoft.App/managedEnvironments/read"],
          }),
        ],
      ),
    ),
    resource("azurerm_role_assignment", "deploy_join", {
      scope: expr("azurerm_container_app_environment.main.id"),
      role_definition_id: expr("azurerm_role_definition.join.role_definition_resource_id"),
      principal_id: expr("azurerm_user_assigned_identity.deploy.principal_id"),
    }),
  ];
}

function right(id: string, scope: string, role: string): HclBlock {
  return resource("azurerm_role_assignment", id, {
    scope: expr(scope),
    role_definition_name: role,
    principal_id: expr("azurerm_user_assigned_identity.deploy.principal_id"),
  });
}
