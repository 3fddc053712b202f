import { block, expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedStore } from "../../../plan.ts";
import { commented, data, identifier, nested, resource } from "../blocks.ts";
import { containersOf, fitted } from "../naming.ts";
import { PASSWORD_VERSION } from "../password.ts";
import type { StoreAddress } from "../store-address.ts";

/** Slow statements as a file: RDS hands on files, and keeps tables to itself. */
const MYSQL_PARAMETERS: [string, string][] = [
  ["require_secure_transport", "1"],
  ["slow_query_log", "1"],
  ["long_query_time", "1"],
  ["log_output", "FILE"],
];

const ENGINES: Partial<
  Record<
    PlannedStore["kind"],
    {
      engine: string;
      version: string;
      port: number;
      logs: string[];
      family: (version: string) => string;
      parameters: [string, string][];
    }
  >
> = {
  postgres: {
    engine: "postgres",
    version: "16",
    port: 5432,
    logs: ["postgresql", "upgrade"],
    family: (version) => `postgres${version}`,
    parameters: [
      ["rds.force_ssl", "1"],
      ["log_min_duration_statement", "1000"],
    ],
  },
  mysql: {
    engine: "mysql",
    version: "8.4",
    port: 3306,
    logs: ["error", "slowquery"],
    family: (version) => `mysql${version}`,
    parameters: MYSQL_PARAMETERS,
  },
  mariadb: {
    engine: "mariadb",
    version: "11.4",
    port: 3306,
    logs: ["error", "slowquery"],
    family: (version) => `mariadb${version}`,
    parameters: MYSQL_PARAMETERS,
  },
};

/** Whether a store becomes a database of RDS. */
export function isDatabase({ kind }: PlannedStore): boolean {
  return kind in ENGINES;
}

/** The databases that RDS runs. */
export function databasesOf({ stores }: Plan): PlannedStore[] {
  return stores.filter(isDatabase);
}

/** Where a database is reached; its password is read where it is needed, and never kept in the state. */
export function databaseAddress(store: PlannedStore): StoreAddress {
  const id = identifier(store.name);
  return {
    kind: store.kind,
    host: `\${aws_db_instance.${id}.address}`,
    port: `\${aws_db_instance.${id}.port}`,
    user: `\${aws_db_instance.${id}.username}`,
    password: `\${ephemeral.aws_secretsmanager_secret_version.${id}_password.secret_string}`,
    name: `\${aws_db_instance.${id}.db_name}`,
    tls: true,
  };
}

/** Databases: encrypted, private, copied to a second zone, with backups that outlive them. */
export function databaseBlocks(plan: Plan): HclBlock[] {
  const stores = databasesOf(plan);
  if (stores.length === 0) return [];
  return [
    resource("aws_db_subnet_group", "main", { name: expr("local.name"), subnet_ids: expr("aws_subnet.data[*].id") }),
    ...monitoring(),
    ...stores.flatMap((store) => database(store, plan)),
  ];
}

function database(store: PlannedStore, plan: Plan): HclBlock[] {
  const engine = ENGINES[store.kind];
  if (!engine) return [];
  const id = identifier(store.name);
  const version = lineOf(store, engine.version);
  const name = template(`\${local.name}-${fitted(store.name, 20)}`);
  return [
    resource(
      "aws_db_parameter_group",
      id,
      {
        name: template(`\${local.name}-${fitted(store.name, 20)}-${version.replaceAll(".", "-")}`),
        family: engine.family(version),
      },
      [
        ...engine.parameters.map(([parameter, value]) => nested("parameter", { name: parameter, value })),
        nested("lifecycle", { create_before_destroy: true }),
      ],
    ),
    ...password(id, store.name),
    commented(
      "RDS would make these itself, and keep them for ever.",
      resource("aws_cloudwatch_log_group", `${id}_logs`, {
        for_each: { call: "toset", argument: engine.logs },
        name: template(`/aws/rds/instance/\${local.name}-${fitted(store.name, 20)}/\${each.key}`),
        retention_in_days: expr("var.log_days"),
      }),
    ),
    resource("aws_db_instance", id, {
      identifier: name,
      engine: engine.engine,
      engine_version: version,
      instance_class: expr("var.database_class"),
      db_name: "app",
      username: "app",
      password_wo: expr(`ephemeral.aws_secretsmanager_secret_version.${id}_password.secret_string`),
      password_wo_version: PASSWORD_VERSION,
      allocated_storage: 20,
      max_allocated_storage: 200,
      storage_type: "gp3",
      storage_encrypted: true,
      multi_az: expr("var.database_multi_az"),
      publicly_accessible: false,
      db_subnet_group_name: expr("aws_db_subnet_group.main.name"),
      parameter_group_name: expr(`aws_db_parameter_group.${id}.name`),
      vpc_security_group_ids: [expr(`aws_security_group.${id}_store.id`)],
      iam_database_authentication_enabled: true,
      backup_retention_period: 14,
      backup_window: "02:00-03:00",
      maintenance_window: "sun:03:30-sun:04:30",
      copy_tags_to_snapshot: true,
      deletion_protection: true,
      final_snapshot_identifier: template(`\${local.name}-${fitted(store.name, 20)}-final`),
      auto_minor_version_upgrade: true,
      monitoring_interval: 60,
      monitoring_role_arn: expr("aws_iam_role.database_monitoring.arn"),
      enabled_cloudwatch_logs_exports: engine.logs,
      depends_on: [
        expr("aws_iam_role_policy_attachment.database_monitoring"),
        expr(`aws_cloudwatch_log_group.${id}_logs`),
      ],
    }),
    ...closedGroup(id, `Database ${store.name}`, engine.port, plan, store),
  ];
}

/** The release line that RDS has families of parameters for: one number for PostgreSQL, two for the others. */
function lineOf({ kind, version }: PlannedStore, usual: string): string {
  const numbers = version?.match(/\d+/g) ?? [];
  if (kind === "postgres") return numbers[0] ?? usual;
  return numbers.length > 1 ? numbers.slice(0, 2).join(".") : usual;
}

/** Made once, kept in Secrets Manager, never in the state. */
function password(id: string, name: string): HclBlock[] {
  return [
    block("ephemeral", ["random_password", id], { length: 40, special: false }),
    resource("aws_secretsmanager_secret", `${id}_password`, {
      name: template(`\${local.name}/${name}-password`),
      recovery_window_in_days: 7,
    }),
    resource("aws_secretsmanager_secret_version", `${id}_password`, {
      secret_id: expr(`aws_secretsmanager_secret.${id}_password.id`),
      secret_string_wo: expr(`ephemeral.random_password.${id}.result`),
      secret_string_wo_version: PASSWORD_VERSION,
    }),
    block("ephemeral", ["aws_secretsmanager_secret_version", `${id}_password`], {
      secret_id: expr(`aws_secretsmanager_secret_version.${id}_password.secret_id`),
    }),
  ];
}

function monitoring(): HclBlock[] {
  return [
    data("aws_iam_policy_document", "database_monitoring_trust", {}, [
      nested("statement", { actions: ["sts:AssumeRole"] }, [
        nested("principals", { type: "Service", identifiers: ["monitoring.rds.amazonaws.com"] }),
        nested("condition", {
          test: "StringEquals",
          variable: "aws:SourceAccount",
          values: [expr("data.aws_caller_identity.current.account_id")],
        }),
      ]),
    ]),
    resource("aws_iam_role", "database_monitoring", {
      name: template("${local.name}-database-monitoring"),
      assume_role_policy: expr("data.aws_iam_policy_document.database_monitoring_trust.json"),
    }),
    resource("aws_iam_role_policy_attachment", "database_monitoring", {
      role: expr("aws_iam_role.database_monitoring.name"),
      policy_arn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    }),
  ];
}

/** The cache: encrypted at rest and on the way. */
export function cacheBlocks(plan: Plan): HclBlock[] {
  const store = plan.stores.find(({ kind }) => kind === "redis");
  if (!store) return [];
  return [
    resource("aws_elasticache_subnet_group", "main", {
      name: expr("local.name"),
      subnet_ids: expr("aws_subnet.data[*].id"),
    }),
    resource("aws_elasticache_replication_group", "main", {
      replication_group_id: expr("local.name"),
      description: template("Cache of ${local.name}"),
      engine: "valkey",
      engine_version: "8.0",
      node_type: expr("var.cache_node"),
      num_cache_clusters: expr("var.cache_nodes"),
      automatic_failover_enabled: expr("var.cache_nodes > 1"),
      multi_az_enabled: expr("var.cache_nodes > 1"),
      at_rest_encryption_enabled: true,
      transit_encryption_enabled: true,
      snapshot_retention_limit: 7,
      auto_minor_version_upgrade: true,
      subnet_group_name: expr("aws_elasticache_subnet_group.main.name"),
      security_group_ids: [expr("aws_security_group.cache_store.id")],
    }),
    ...closedGroup("cache", "Cache", 6379, plan, store),
  ];
}

/** A group that only the services that use the store reach. */
function closedGroup(id: string, title: string, port: number, plan: Plan, store: PlannedStore): HclBlock[] {
  const users = containersOf(plan).filter((service) => service.stores.includes(store.name));
  return [
    commented(
      `${title}: no way in but from the services that use it, and none out.`,
      resource("aws_security_group", `${id}_store`, {
        name: template(`\${local.name}-${fitted(id, 20)}-store`),
        description: title,
        vpc_id: expr("aws_vpc.main.id"),
      }),
    ),
    ...users.map(({ name }) =>
      resource("aws_vpc_security_group_ingress_rule", `${id}_store_from_${identifier(name)}`, {
        security_group_id: expr(`aws_security_group.${id}_store.id`),
        referenced_security_group_id: expr(`aws_security_group.${identifier(name)}.id`),
        description: `From ${name}`,
        ip_protocol: "tcp",
        from_port: port,
        to_port: port,
      }),
    ),
  ];
}
