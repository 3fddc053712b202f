import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, identifier, resource } from "../blocks.ts";
import { type Environment, environmentOf } from "../environment.ts";
import { containersOf, fitted } from "../naming.ts";
import { secretVersion } from "../password.ts";
import { place } from "./place.ts";
import { addressOf, databasesOf } from "./stores.ts";

/** Where the variables of each service come from on Azure. */
export function azureEnvironments(plan: Plan): Map<PlannedService, Environment> {
  return new Map(
    containersOf(plan).map((service) => [service, environmentOf(service, plan, (store) => addressOf(store, plan))]),
  );
}

/** The vault: rights by roles, and nothing in it is gone for good. */
export function vault(plan: Plan): HclBlock[] {
  if (containersOf(plan).length === 0 && databasesOf(plan).length === 0) return [];
  return [
    resource("azurerm_key_vault", "main", {
      name: template("${substr(local.plain, 0, 18)}${local.unique}"),
      ...place(),
      tenant_id: expr("data.azurerm_client_config.current.tenant_id"),
      sku_name: "standard",
      rbac_authorization_enabled: true,
      purge_protection_enabled: true,
      soft_delete_retention_days: 30,
      tags: expr("local.tags"),
    }),
    commented(
      "Whoever applies this writes the addresses of stores.",
      resource("azurerm_role_assignment", "vault_writer", {
        scope: expr("azurerm_key_vault.main.id"),
        role_definition_name: "Key Vault Secrets Officer",
        principal_id: expr("data.azurerm_client_config.current.object_id"),
      }),
    ),
  ];
}

/** The identity of a service, its secrets, and what it may read of them. */
export function identityBlocks(service: PlannedService, id: string, { secret }: Environment): HclBlock[] {
  const keys = Object.fromEntries(secret.map(({ name }) => [name, secretKey(service, name)]));
  return [
    resource("azurerm_user_assigned_identity", id, {
      name: template(`\${local.name}-${fitted(service.name, 30)}`),
      ...place(),
      tags: expr("local.tags"),
    }),
    resource("azurerm_role_assignment", `${id}_pull`, {
      scope: expr("azurerm_container_registry.main.id"),
      role_definition_name: "AcrPull",
      principal_id: expr(`azurerm_user_assigned_identity.${id}.principal_id`),
    }),
    ...(secret.length > 0
      ? [
          { block: "locals", body: [{ attribute: `${id}_secrets`, value: keys }] },
          resource("azurerm_role_assignment", `${id}_secrets`, {
            for_each: expr(`local.${id}_secrets`),
            scope: template("${azurerm_key_vault.main.id}/secrets/${each.value}"),
            role_definition_name: "Key Vault Secrets User",
            principal_id: expr(`azurerm_user_assigned_identity.${id}.principal_id`),
          }),
        ]
      : []),
    ...secret.flatMap(({ name, value }) =>
      value === null
        ? []
        : [
            resource("azurerm_key_vault_secret", `${id}_${identifier(name)}`, {
              name: secretKey(service, name),
              key_vault_id: expr("azurerm_key_vault.main.id"),
              value_wo: template(value),
              value_wo_version: secretVersion(value),
              depends_on: [expr("azurerm_role_assignment.vault_writer")],
            }),
          ],
    ),
  ];
}

/** How a secret is called in the vault, which knows letters, digits and hyphens. */
export function secretKey({ name }: PlannedService, variable: string): string {
  return fitted(`${name}-${variable}`, 100);
}
