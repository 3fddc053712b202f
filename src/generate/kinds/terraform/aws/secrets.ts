import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService, PlannedStore } from "../../../plan.ts";
import { identifier, resource } from "../blocks.ts";
import { withBucketEndpoint } from "../bucket-endpoint.ts";
import { type Environment, environmentOf } from "../environment.ts";
import { containersOf } from "../naming.ts";
import { secretVersion } from "../password.ts";
import type { StoreAddress } from "../store-address.ts";
import { databaseAddress, isDatabase } from "./stores.ts";

/** Given by the role of the task: a stored key would only be one more thing to lose. */
const BY_ROLE = new Set(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]);
const REGION = /^(?:AWS_(?:DEFAULT_)?REGION|S3_REGION)$/;

/** Where the variables of each service come from on AWS. */
export function awsEnvironments(plan: Plan): Map<PlannedService, Environment> {
  return new Map(
    containersOf(plan).map((service) => {
      const env = service.env.filter(({ name }) => !BY_ROLE.has(name) && !REGION.test(name));
      const found = withBucketEndpoint(environmentOf({ ...service, env }, plan, addressOf), {
        service,
        plan,
        endpoint: "https://s3.${var.region}.amazonaws.com",
        foreign: false,
      });
      for (const { name } of service.env.filter((variable) => REGION.test(variable.name)))
        found.fixed.push({ name, value: "${var.region}", template: true });
      return [service, found];
    }),
  );
}

function addressOf(store: PlannedStore): StoreAddress | undefined {
  if (isDatabase(store)) return databaseAddress(store);
  if (store.kind === "redis")
    return {
      kind: "redis",
      host: "${aws_elasticache_replication_group.main.primary_endpoint_address}",
      port: "6379",
      user: null,
      password: null,
      name: "0",
      tls: true,
    };
  if (store.kind !== "s3") return undefined;
  const none = { host: "", port: "", user: null, password: null, tls: true };
  return { ...none, kind: "s3", name: "${aws_s3_bucket.files.bucket}" };
}

/** Secrets of a service: those without a value are set by people, addresses of stores made here never reach the state. */
export function secretBlocks(service: PlannedService, id: string, { secret }: Environment): HclBlock[] {
  if (secret.length === 0) return [];
  return [
    resource("aws_secretsmanager_secret", id, {
      for_each: { call: "toset", argument: secret.map(({ name }) => name) },
      name: template(`\${local.name}/${service.name}/\${each.key}`),
      recovery_window_in_days: 7,
    }),
    ...secret.flatMap(({ name, value }) =>
      value === null
        ? []
        : [
            resource("aws_secretsmanager_secret_version", `${id}_${identifier(name.toLowerCase())}`, {
              secret_id: expr(`aws_secretsmanager_secret.${id}["${name}"].id`),
              secret_string_wo: template(value),
              secret_string_wo_version: secretVersion(value),
            }),
          ],
    ),
  ];
}
