import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { identifier, resource } from "../blocks.ts";
import { isDatabase } from "./stores.ts";

/** A secret of a container: its variable, and the resource that holds it. */
interface ContainerSecret {
  name: string;
  resource: string;
  store: string | null;
}

/** What a service reads that is secret, or that nothing in the repository says. */
export function containerSecrets({ name, env }: PlannedService): ContainerSecret[] {
  return env
    .filter(
      ({ class: kind, phase, default: value }) =>
        phase === "run" && kind !== "provided" && (kind === "secret" || value === null),
    )
    .map((variable) => ({
      name: variable.name,
      resource: `aws_secretsmanager_secret.${identifier(name)}_${identifier(variable.name.toLowerCase())}`,
      store: variable.store,
    }));
}

/** Secrets without values: people or the pipeline set those. Addresses of stores made here are known, so they are set here and kept out of the state. */
export function secretBlocks(service: PlannedService, plan: Plan): HclBlock[] {
  return containerSecrets(service).flatMap(({ name, resource: address, store: used }) => {
    const id = address.slice(address.indexOf(".") + 1);
    const store = plan.stores.find((item) => item.name === used);
    const url =
      store && isDatabase(store)
        ? databaseUrl(store.kind)
        : store?.kind === "redis"
          ? "rediss://${aws_elasticache_replication_group.main.primary_endpoint_address}:6379/0"
          : undefined;
    return [
      resource("aws_secretsmanager_secret", id, {
        name: template(`\${local.name}/${service.name}/${name}`),
        recovery_window_in_days: 7,
      }),
      ...(url
        ? [
            resource("aws_secretsmanager_secret_version", id, {
              secret_id: expr(`${address}.id`),
              secret_string_wo: template(url),
              secret_string_wo_version: 1,
            }),
          ]
        : []),
    ];
  });
}

function databaseUrl(kind: string): string {
  const scheme = kind === "postgres" ? "postgresql" : "mysql";
  const options = kind === "postgres" ? "?sslmode=require" : "";
  return `${scheme}://app:\${urlencode(ephemeral.aws_secretsmanager_secret_version.database_password.secret_string)}@\${aws_db_instance.main.endpoint}/app${options}`;
}
