import { block, expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedStore } from "../../../plan.ts";
import { commented, identifier, nested, resource } from "../blocks.ts";
import { fitted } from "../naming.ts";
import { PASSWORD_VERSION } from "../password.ts";
import type { StoreAddress } from "../store-address.ts";

const MYSQL = "MYSQL_8_4";

/** The databases that Cloud SQL runs; it speaks MySQL to programs that want MariaDB. */
export function databasesOf({ stores }: Plan): PlannedStore[] {
  return stores.filter(({ kind }) => kind === "postgres" || kind === "mysql" || kind === "mariadb");
}

/** Whether a Memorystore is made. */
export function hasCache({ stores }: Plan): boolean {
  return stores.some(({ kind }) => kind === "redis");
}

/** Whether something has a private address. */
export function needsNetwork(plan: Plan): boolean {
  return databasesOf(plan).length > 0 || hasCache(plan);
}

/** Where a store is reached; undefined for those that these files do not make. */
export function addressOf(store: PlannedStore): StoreAddress | undefined {
  const id = identifier(store.name);
  const { kind } = store;
  if (kind === "postgres" || kind === "mysql" || kind === "mariadb")
    return {
      kind: kind === "postgres" ? kind : "mysql",
      host: `\${google_sql_database_instance.${id}.private_ip_address}`,
      port: kind === "postgres" ? "5432" : "3306",
      user: `\${google_sql_user.${id}.name}`,
      password: `\${ephemeral.google_secret_manager_secret_version.${id}_password.secret_data}`,
      name: `\${google_sql_database.${id}.name}`,
      tls: true,
    };
  if (kind === "redis")
    return {
      kind,
      host: "${google_redis_instance.main.host}",
      port: "${google_redis_instance.main.port}",
      user: null,
      password: "${google_redis_instance.main.auth_string}",
      name: "0",
      tls: true,
    };
  if (kind !== "s3") return undefined;
  return {
    kind,
    host: "",
    port: "",
    user: null,
    password: null,
    name: "${google_storage_bucket.files.name}",
    tls: true,
  };
}

/** Databases: private, encrypted on the way, with backups to any minute of the last week. */
export function databaseBlocks(plan: Plan): HclBlock[] {
  return databasesOf(plan).flatMap(database);
}

function database(store: PlannedStore): HclBlock[] {
  const id = identifier(store.name);
  const postgres = store.kind === "postgres";
  const major = store.version?.match(/\d+/)?.[0] ?? "16";
  const name = template(`\${local.name}-${fitted(store.name, 20)}`);
  return [
    resource(
      "google_sql_database_instance",
      id,
      {
        name,
        region: expr("var.region"),
        database_version: postgres ? `POSTGRES_${major}` : MYSQL,
        deletion_protection: true,
        depends_on: [expr("google_service_networking_connection.main")],
      },
      [
        nested(
          "settings",
          {
            tier: expr("var.database_tier"),
            edition: "ENTERPRISE",
            availability_type: expr("var.database_availability"),
            disk_type: "PD_SSD",
            disk_autoresize: true,
            deletion_protection_enabled: true,
          },
          [
            nested("ip_configuration", {
              ipv4_enabled: false,
              private_network: expr("google_compute_network.main.id"),
              ssl_mode: "ENCRYPTED_ONLY",
            }),
            backups(postgres),
            nested("maintenance_window", { day: 7, hour: 3, update_track: "stable" }),
            nested("insights_config", { query_insights_enabled: true }),
            ...flags(postgres).map(([flag, value]) => nested("database_flags", { name: flag, value })),
          ],
        ),
      ],
    ),
    resource("google_sql_database", id, { name: "app", instance: expr(`google_sql_database_instance.${id}.name`) }),
    ...password(id, store.name),
    resource("google_sql_user", id, {
      name: "app",
      instance: expr(`google_sql_database_instance.${id}.name`),
      password_wo: expr(`ephemeral.google_secret_manager_secret_version.${id}_password.secret_data`),
      password_wo_version: PASSWORD_VERSION,
      ...(postgres ? { deletion_policy: "ABANDON" } : {}),
    }),
  ];
}

function backups(postgres: boolean): HclBlock {
  return nested(
    "backup_configuration",
    {
      enabled: true,
      start_time: "02:00",
      ...(postgres ? { point_in_time_recovery_enabled: true } : { binary_log_enabled: true }),
      transaction_log_retention_days: 7,
    },
    [nested("backup_retention_settings", { retained_backups: 14, retention_unit: "COUNT" })],
  );
}

function flags(postgres: boolean): [string, string][] {
  return postgres
    ? [
        ["cloudsql.iam_authentication", "on"],
        ["log_connections", "on"],
        ["log_disconnections", "on"],
        ["log_min_duration_statement", "1000"],
      ]
    : [
        ["cloudsql_iam_authentication", "on"],
        ["slow_query_log", "on"],
      ];
}

/** Made once, kept in Secret Manager, never in the state. */
function password(id: string, name: string): HclBlock[] {
  return [
    block("ephemeral", ["random_password", id], { length: 40, special: false }),
    resource(
      "google_secret_manager_secret",
      `${id}_password`,
      {
        secret_id: template(`\${local.name}-${fitted(name, 20)}-password`),
        depends_on: [expr("google_project_service.main")],
      },
      [nested("replication", {}, [nested("auto", {})])],
    ),
    resource("google_secret_manager_secret_version", `${id}_password`, {
      secret: expr(`google_secret_manager_secret.${id}_password.id`),
      secret_data_wo: expr(`ephemeral.random_password.${id}.result`),
      secret_data_wo_version: PASSWORD_VERSION,
    }),
    block("ephemeral", ["google_secret_manager_secret_version", `${id}_password`], {
      secret: expr(`google_secret_manager_secret_version.${id}_password.secret`),
    }),
  ];
}

/** The cache: a password, TLS, and the certificate that its clients have to trust. */
export function cacheBlocks(plan: Plan): HclBlock[] {
  if (!hasCache(plan)) return [];
  return [
    resource("google_redis_instance", "main", {
      name: expr("local.name"),
      region: expr("var.region"),
      tier: expr("var.cache_tier"),
      memory_size_gb: 1,
      redis_version: "REDIS_7_2",
      authorized_network: expr("google_compute_network.main.id"),
      connect_mode: "PRIVATE_SERVICE_ACCESS",
      auth_enabled: true,
      transit_encryption_mode: "SERVER_AUTHENTICATION",
      depends_on: [expr("google_service_networking_connection.main")],
    }),
    commented(
      "Google signs the certificate of the cache by an authority of its own: services get it as a file.",
      resource(
        "google_secret_manager_secret",
        "cache_ca",
        { secret_id: template("${local.name}-cache-ca"), depends_on: [expr("google_project_service.main")] },
        [nested("replication", {}, [nested("auto", {})])],
      ),
    ),
    resource("google_secret_manager_secret_version", "cache_ca", {
      secret: expr("google_secret_manager_secret.cache_ca.id"),
      secret_data: expr('join("\\n", google_redis_instance.main.server_ca_certs[*].cert)'),
    }),
  ];
}
