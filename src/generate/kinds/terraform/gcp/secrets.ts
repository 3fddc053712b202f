import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { identifier, nested, resource } from "../blocks.ts";
import { withBucketEndpoint } from "../bucket-endpoint.ts";
import { type Environment, environmentOf } from "../environment.ts";
import { containersOf, fitted } from "../naming.ts";
import { secretVersion } from "../password.ts";
import { addressOf } from "./stores.ts";

/** Where the variables of each service come from on Google Cloud. */
export function googleEnvironments(plan: Plan): Map<PlannedService, Environment> {
  return new Map(
    containersOf(plan).map((service) => {
      const found = withBucketEndpoint(environmentOf(service, plan, addressOf), {
        service,
        plan,
        endpoint: "https://storage.googleapis.com",
        foreign: true,
      });
      // Cloud Run sets PORT itself and refuses a second one.
      return [service, { ...found, fixed: found.fixed.filter(({ name }) => name !== "PORT") }];
    }),
  );
}

/** The account of a service, its secrets, and what it may read of them. */
export function accountBlocks(service: PlannedService, id: string, environment: Environment, plan: Plan): HclBlock[] {
  return [
    resource("google_service_account", id, {
      account_id: template(`${accountName(service)}-\${var.environment}`),
      display_name: template(`${service.name} of \${local.name}`),
      depends_on: [expr("google_project_service.main")],
    }),
    ...secretBlocks(service, id, environment),
    ...(usesCache(service, plan) ? [reader(`${id}_cache_ca`, "google_secret_manager_secret.cache_ca.id", id)] : []),
    ...(plan.stores.some(({ kind, name }) => kind === "s3" && service.stores.includes(name))
      ? [
          resource("google_storage_bucket_iam_member", `${id}_files`, {
            bucket: expr("google_storage_bucket.files.name"),
            role: "roles/storage.objectUser",
            member: expr(`google_service_account.${id}.member`),
          }),
        ]
      : []),
  ];
}

/** Accounts have six to thirty characters, the environment two to ten of them. */
function accountName({ name }: PlannedService): string {
  return name.length < 3 ? `run-${name}` : fitted(name, 18);
}

/** Whether it has to trust the certificate of the cache. */
export function usesCache({ stores }: PlannedService, plan: Plan): boolean {
  return plan.stores.some(({ kind, name }) => kind === "redis" && stores.includes(name));
}

function secretBlocks(service: PlannedService, id: string, { secret }: Environment): HclBlock[] {
  if (secret.length === 0) return [];
  return [
    resource(
      "google_secret_manager_secret",
      id,
      {
        for_each: { call: "toset", argument: secret.map(({ name }) => name) },
        secret_id: template(`\${local.name}-${fitted(service.name, 30)}-\${each.key}`),
        depends_on: [expr("google_project_service.main")],
      },
      [nested("replication", {}, [nested("auto", {})])],
    ),
    resource("google_secret_manager_secret_iam_member", id, {
      for_each: expr(`google_secret_manager_secret.${id}`),
      secret_id: expr("each.value.id"),
      role: "roles/secretmanager.secretAccessor",
      member: expr(`google_service_account.${id}.member`),
    }),
    ...secret.flatMap(({ name, value }) =>
      value === null
        ? []
        : [
            resource("google_secret_manager_secret_version", `${id}_${identifier(name.toLowerCase())}`, {
              secret: expr(`google_secret_manager_secret.${id}["${name}"].id`),
              secret_data_wo: template(value),
              secret_data_wo_version: secretVersion(value),
            }),
          ],
    ),
  ];
}

function reader(name: string, secret: string, account: string): HclBlock {
  return resource("google_secret_manager_secret_iam_member", name, {
    secret_id: expr(secret),
    role: "roles/secretmanager.secretAccessor",
    member: expr(`google_service_account.${account}.member`),
  });
}
