import { block, expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedStore } from "../../../plan.ts";
import { identifier, nested, resource } from "../blocks.ts";
import { fitted } from "../naming.ts";
import { PASSWORD_VERSION } from "../password.ts";
import type { StoreAddress } from "../store-address.ts";
import { place } from "./place.ts";

/** The two kinds of flexible servers; MySQL answers programs that want MariaDB. */
export const ENGINES = {
  postgres: {
    type: "postgresql",
    delegation: "Microsoft.DBforPostgreSQL/flexibleServers",
    zone: "postgres.database.azure.com",
    port: "5432",
  },
  mysql: {
    type: "mysql",
    delegation: "Microsoft.DBforMySQL/flexibleServers",
    zone: "mysql.database.azure.com",
    port: "3306",
  },
} as const;

export interface Database {
  store: PlannedStore;
  engine: keyof typeof ENGINES;
  id: string;
  /** The server among the resources. */
  address: string;
}

/** The databases that flexible servers run. */
export function databasesOf({ stores }: Plan): Database[] {
  return stores.flatMap((store) => {
    const engine =
      store.kind === "postgres" ? "postgres" : /^(?:mysql|mariadb)$/.test(store.kind) ? "mysql" : undefined;
    if (!engine) return [];
    const id = identifier(store.name);
    return [{ store, engine, id, address: `azurerm_${ENGINES[engine].type}_flexible_server.${id}` }];
  });
}

/** Whether a Managed Redis is made. */
export function hasCache({ stores }: Plan): boolean {
  return stores.some(({ kind }) => kind === "redis");
}

/** Where a store is reached; undefined for those that these files do not make. */
export function addressOf(store: PlannedStore, plan: Plan): StoreAddress | undefined {
  if (store.kind === "redis")
    return {
      kind: "redis",
      host: "${azurerm_managed_redis.main.hostname}",
      port: "${azurerm_managed_redis.main.default_database[0].port}",
      user: null,
      password: "${azurerm_managed_redis.main.default_database[0].primary_access_key}",
      name: "0",
      tls: true,
    };
  const database = databasesOf(plan).find((item) => item.store.name === store.name);
  if (!database) return undefined;
  const { engine, id, address } = database;
  return {
    kind: engine,
    host: `\${${address}.fqdn}`,
    port: ENGINES[engine].port,
    user: `\${${address}.administrator_login}`,
    password: `\${ephemeral.azurerm_key_vault_secret.${id}_password.value}`,
    name: `\${azurerm_${ENGINES[engine].type}_flexible_${engine === "postgres" ? "server_" : ""}database.${id}.name}`,
    tls: true,
  };
}

/** Databases in a subnet of their own: no public address, backups, a second zone that takes over. */
export function databaseBlocks(plan: Plan): HclBlock[] {
  return databasesOf(plan).flatMap((database) => [
    ...password(database),
    server(database),
    ...(database.engine === "postgres" ? postgres(database) : mysql(database)),
  ]);
}

function server({ store, engine, id }: Database): HclBlock {
  const { type } = ENGINES[engine];
  const postgres = engine === "postgres";
  return resource(
    `azurerm_${type}_flexible_server`,
    id,
    {
      name: template(`\${local.name}-\${local.unique}-${fitted(store.name, 16)}`),
      ...place(),
      version: postgres ? (store.version?.match(/\d+/)?.[0] ?? "16") : "8.0.21",
      sku_name: expr("var.database_sku"),
      administrator_login: "app",
      administrator_password_wo: expr(`ephemeral.azurerm_key_vault_secret.${id}_password.value`),
      administrator_password_wo_version: PASSWORD_VERSION,
      delegated_subnet_id: expr(`azurerm_subnet.${engine}.id`),
      private_dns_zone_id: expr(`azurerm_private_dns_zone.${engine}.id`),
      ...(postgres ? { public_network_access_enabled: false, storage_mb: 32_768, auto_grow_enabled: true } : {}),
      backup_retention_days: 14,
      geo_redundant_backup_enabled: expr("var.database_geo_backup"),
      tags: expr("local.tags"),
      depends_on: [expr(`azurerm_private_dns_zone_virtual_network_link.${engine}`)],
    },
    [
      block("dynamic", ["high_availability"], { for_each: expr("var.database_second_zone ? [true] : []") }, [
        nested("content", { mode: "ZoneRedundant" }),
      ]),
      ...(postgres ? [] : [nested("storage", { size_gb: 32, auto_grow_enabled: true })]),
      nested("maintenance_window", { day_of_week: 0, start_hour: 3, start_minute: 30 }),
      nested("lifecycle", {
        prevent_destroy: true,
        ignore_changes: [expr("zone"), expr("high_availability[0].standby_availability_zone")],
      }),
    ],
  );
}

function postgres({ store, id, address }: Database): HclBlock[] {
  const setting = (name: string, key: string, value: HclValue) =>
    resource("azurerm_postgresql_flexible_server_configuration", `${id}_${name}`, {
      name: key,
      server_id: expr(`${address}.id`),
      value,
    });
  return [
    resource("azurerm_postgresql_flexible_server_database", id, {
      name: "app",
      server_id: expr(`${address}.id`),
      charset: "UTF8",
      collation: "en_US.utf8",
    }),
    setting("slow", "log_min_duration_statement", "1000"),
    ...(store.extensions.length > 0
      ? [setting("extensions", "azure.extensions", store.extensions.map((name) => name.toUpperCase()).join(","))]
      : []),
  ];
}

function mysql({ id, address }: Database): HclBlock[] {
  return [
    resource("azurerm_mysql_flexible_database", id, {
      name: "app",
      resource_group_name: expr("azurerm_resource_group.main.name"),
      server_name: expr(`${address}.name`),
      charset: "utf8mb4",
      collation: "utf8mb4_unicode_ci",
    }),
  ];
}

/** Made once, kept in the vault, never in the state. */
function password({ id, store }: Database): HclBlock[] {
  return [
    block("ephemeral", ["random_password", id], {
      length: 40,
      special: false,
      min_lower: 1,
      min_numeric: 1,
      min_upper: 1,
    }),
    resource("azurerm_key_vault_secret", `${id}_password`, {
      name: `${fitted(store.name, 30)}-password`,
      key_vault_id: expr("azurerm_key_vault.main.id"),
      value_wo: expr(`ephemeral.random_password.${id}.result`),
      value_wo_version: PASSWORD_VERSION,
      depends_on: [expr("azurerm_role_assignment.vault_writer")],
    }),
    block("ephemeral", ["azurerm_key_vault_secret", `${id}_password`], {
      name: expr(`azurerm_key_vault_secret.${id}_password.name`),
      key_vault_id: expr("azurerm_key_vault.main.id"),
    }),
  ];
}

/** The cache: TLS only, reached by a private endpoint. */
export function cacheBlocks(plan: Plan): HclBlock[] {
  if (!hasCache(plan)) return [];
  return [
    resource(
      "azurerm_managed_redis",
      "main",
      {
        name: template("${local.name}-${local.unique}"),
        ...place(),
        sku_name: expr("var.cache_sku"),
        high_availability_enabled: expr("var.cache_second_zone"),
        public_network_access: "Disabled",
        tags: expr("local.tags"),
      },
      [
        nested("default_database", {
          client_protocol: "Encrypted",
          clustering_policy: "EnterpriseCluster",
          access_keys_authentication_enabled: true,
        }),
      ],
    ),
    resource(
      "azurerm_private_endpoint",
      "cache",
      {
        name: template("${local.name}-cache"),
        ...place(),
        subnet_id: expr("azurerm_subnet.endpoints.id"),
        tags: expr("local.tags"),
      },
      [
        nested("private_service_connection", {
          name: "cache",
          private_connection_resource_id: expr("azurerm_managed_redis.main.id"),
          subresource_names: ["redisEnterprise"],
          is_manual_connection: false,
        }),
        nested("private_dns_zone_group", {
          name: "cache",
          private_dns_zone_ids: [expr("azurerm_private_dns_zone.cache.id")],
        }),
      ],
    ),
  ];
}
