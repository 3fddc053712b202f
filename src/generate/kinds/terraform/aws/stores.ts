import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedStore } from "../../../plan.ts";
import { commented, data, identifier, nested, resource } from "../blocks.ts";
import { servedBy } from "./service.ts";

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
    parameters: [["require_secure_transport", "ON"]],
  },
  mariadb: {
    engine: "mariadb",
    version: "11.4",
    port: 3306,
    logs: ["error", "slowquery"],
    family: (version) => `mariadb${version}`,
    parameters: [["require_secure_transport", "ON"]],
  },
};

/** Whether a store becomes a database of RDS. */
export function isDatabase({ kind }: PlannedStore): boolean {
  return kind in ENGINES;
}

/** The database: encrypted, private, copied to a second zone, with backups that outlive it. */
export function databaseBlocks(plan: Plan): HclBlock[] {
  const store = plan.stores.find(isDatabase);
  const engine = store && ENGINES[store.kind];
  if (!store || !engine) return [];
  const version = store.version ?? engine.version;
  return [
    resource("aws_db_subnet_group", "main", { name: expr("local.name"), subnet_ids: expr("aws_subnet.data[*].id") }),
    resource(
      "aws_db_parameter_group",
      "main",
      { name: template(`\${local.name}-${version.replaceAll(".", "-")}`), family: engine.family(version) },
      [
        ...engine.parameters.map(([name, value]) => nested("parameter", { name, value })),
        nested("lifecycle", { create_before_destroy: true }),
      ],
    ),
    ...password(),
    resource("aws_db_instance", "main", {
      identifier: expr("local.name"),
      engine: engine.engine,
      engine_version: version,
      instance_class: expr("var.database_class"),
      db_name: "app",
      username: "app",
      password_wo: expr("ephemeral.aws_secretsmanager_secret_version.database_password.secret_string"),
      password_wo_version: 1,
      allocated_storage: 20,
      max_allocated_storage: 200,
      storage_type: "gp3",
      storage_encrypted: true,
      multi_az: expr("var.database_multi_az"),
      publicly_accessible: false,
      db_subnet_group_name: expr("aws_db_subnet_group.main.name"),
      parameter_group_name: expr("aws_db_parameter_group.main.name"),
      vpc_security_group_ids: [expr("aws_security_group.database.id")],
      iam_database_authentication_enabled: true,
      backup_retention_period: 14,
      backup_window: "02:00-03:00",
      maintenance_window: "sun:03:30-sun:04:30",
      copy_tags_to_snapshot: true,
      deletion_protection: true,
      final_snapshot_identifier: template("${local.name}-final"),
      auto_minor_version_upgrade: true,
      performance_insights_enabled: true,
      monitoring_interval: 60,
      monitoring_role_arn: expr("aws_iam_role.database_monitoring.arn"),
      enabled_cloudwatch_logs_exports: engine.logs,
    }),
    ...monitoring(),
    ...closedGroup("database", "Database", engine.port, plan, store),
  ];
}

/** Made once, kept in Secrets Manager, never in the state. */
function password(): HclBlock[] {
  return [
    {
      block: "ephemeral",
      labels: ["random_password", "database"],
      body: [
        { attribute: "length", value: 40 },
        { attribute: "special", value: false },
      ],
    },
    resource("aws_secretsmanager_secret", "database_password", {
      name: template("${local.name}/database-password"),
      recovery_window_in_days: 7,
    }),
    resource("aws_secretsmanager_secret_version", "database_password", {
      secret_id: expr("aws_secretsmanager_secret.database_password.id"),
      secret_string_wo: expr("ephemeral.random_password.database.result"),
      secret_string_wo_version: 1,
    }),
    {
      block: "ephemeral",
      labels: ["aws_secretsmanager_secret_version", "database_password"],
      body: [{ attribute: "secret_id", value: expr("aws_secretsmanager_secret_version.database_password.secret_id") }],
    },
  ];
}

function monitoring(): HclBlock[] {
  return [
    data("aws_iam_policy_document", "database_monitoring_trust", {}, [
      nested("statement", { actions: ["sts:AssumeRole"] }, [
        nested("principals", { type: "Service", identifiers: ["monitoring.rds.amazonaws.com"] }),
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

/** The cache: two nodes, encrypted at rest and on the way. */
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
      num_cache_clusters: 2,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
      at_rest_encryption_enabled: true,
      transit_encryption_enabled: true,
      snapshot_retention_limit: 7,
      auto_minor_version_upgrade: true,
      subnet_group_name: expr("aws_elasticache_subnet_group.main.name"),
      security_group_ids: [expr("aws_security_group.cache.id")],
    }),
    ...closedGroup("cache", "Cache", 6379, plan, store),
  ];
}

/** A group that only the services that use the store reach. */
function closedGroup(id: string, title: string, port: number, plan: Plan, store: PlannedStore): HclBlock[] {
  const users = plan.services.filter((service) => servedBy(service) && service.stores.includes(store.name));
  return [
    commented(
      `${title}: no way in but from the services that use it, and none out.`,
      resource("aws_security_group", id, {
        name: template(`\${local.name}-${id}`),
        description: title,
        vpc_id: expr("aws_vpc.main.id"),
      }),
    ),
    ...users.map(({ name }) =>
      resource("aws_vpc_security_group_ingress_rule", `${id}_from_${identifier(name)}`, {
        security_group_id: expr(`aws_security_group.${id}.id`),
        referenced_security_group_id: expr(`aws_security_group.${identifier(name)}.id`),
        description: `From ${name}`,
        ip_protocol: "tcp",
        from_port: port,
        to_port: port,
      }),
    ),
  ];
}
