import type { Plan } from "../../../plan.ts";
import { checked } from "../checks.ts";
import { unsetSecrets } from "../environment.ts";
import type { Module } from "../module.ts";
import { containersOf, serversOf } from "../naming.ts";
import { commonNotes, storeNotes } from "../notes.ts";
import { alerts } from "./alerts.ts";
import { deployIdentity } from "./deploy.ts";
import { frontDoor } from "./front-door.ts";
import { network } from "./network.ts";
import { appEnvironment, serviceBlocks } from "./service.ts";
import { main, settings } from "./settings.ts";
import { cacheBlocks, databaseBlocks } from "./stores.ts";
import { outputs, values, variables } from "./variables.ts";
import { azureEnvironments, secretKey, vault } from "./vault.ts";

const FOLDER = "infra/azure";

/** Azure: Container Apps in a network of their own, pages in storage, Front Door before both, stores without public addresses. */
export function azureFiles(plan: Plan): Module {
  const environments = azureEnvironments(plan);
  const files = Object.fromEntries(
    [...environments].map(([service, environment]) => [
      `service-${service.name}`,
      {
        why: `service ${service.name}: identity, secrets, apps and jobs`,
        blocks: serviceBlocks(service, environment),
      },
    ]),
  );
  return {
    folder: FOLDER,
    files: {
      versions: { why: "versions, and where the state lies", blocks: settings(plan) },
      variables: { why: "what differs between environments", blocks: checked(variables(plan, environments), "azure") },
      main: { why: "group, names, logs, images", blocks: main(plan) },
      network: { why: "network, and names that only it knows", blocks: network(plan) },
      vault: { why: "vault for secrets", blocks: vault(plan) },
      apps: {
        why: "environment that programs run in",
        blocks: containersOf(plan).length > 0 ? [appEnvironment()] : [],
      },
      ...files,
      database: { why: "database", blocks: databaseBlocks(plan) },
      cache: { why: "cache", blocks: cacheBlocks(plan) },
      "front-door": { why: "certificates, routes, pages, limit on requests", blocks: frontDoor(plan) },
      alerts: { why: "alarms that people get", blocks: alerts(plan) },
      deploy: { why: "what the pipeline may do, without a stored key", blocks: deployIdentity(plan) },
      outputs: { why: "what the pipeline and people need to know", blocks: outputs(plan) },
    },
    values: { production: values(plan, "production"), staging: values(plan, "staging") },
    init: "-backend-config=resource_group_name=GROUP -backend-config=storage_account_name=NAME -backend-config=container_name=tfstate -backend-config=key=ENVIRONMENT.tfstate",
    secrets: unsetSecrets(environments).map(({ service, name }) => secretKey(service, name)),
    notes: [
      "make the storage account of the state once, with versions on, before everything else",
      ...(serversOf(plan).length > 0
        ? [
            "container apps answer at their own addresses too: programs that have to be sure check the header X-Azure-FDID",
          ]
        : []),
      ...commonNotes(plan),
      ...storeNotes(plan, ["postgres", "mysql", "mariadb", "redis"], "the vault"),
    ],
  };
}
