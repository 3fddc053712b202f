import { attributeOf } from "../../../formats/hcl/read.ts";
import type { Module, Resource } from "./module.ts";
import { resourceRule } from "./rules.ts";
import { type Demand, has, isFalse, isTrue, settingOf, unmet } from "./setting.ts";

const isReplica = (resource: Resource) =>
  has(resource, "replicate_source_db") || has(resource, "replication_source_identifier");
/** What is made from a snapshot or a source is encrypted as that is. */
const isCopy = (resource: Resource) =>
  isReplica(resource) || has(resource, "snapshot_identifier") || has(resource, "restore_to_point_in_time");
const isServerless1 = ({ block }: Resource) => attributeOf(block.body, "engine_mode")?.text === '"serverless"';
const positive = (value: unknown) => Number(value) > 0;
const some = (value: unknown) => Array.isArray(value) && value.length > 0;

/** Engines that take a token of IAM instead of a password. */
function knowsIam({ block }: Resource): boolean {
  const engine = settingOf(block.body, "engine");
  return engine.kind !== "known" || /mysql|postgres|mariadb/.test(String(engine.value));
}

const INSTANCE: readonly Demand[] = [
  {
    path: "storage_encrypted",
    right: isTrue,
    absent: "wrong",
    unless: isCopy,
    message: "its disk is not encrypted: set `storage_encrypted = true`",
  },
  {
    path: "publicly_accessible",
    right: isFalse,
    absent: "right",
    severity: "error",
    message: "it is reachable from the internet: set `publicly_accessible = false`",
  },
  {
    path: "backup_retention_period",
    right: positive,
    absent: "wrong",
    unless: isReplica,
    message: "it has no backups: set `backup_retention_period = 7`",
  },
  {
    path: "multi_az",
    right: isTrue,
    absent: "wrong",
    unless: isReplica,
    message: "it is away when its zone is: set `multi_az = true`",
  },
  {
    path: "deletion_protection",
    right: isTrue,
    absent: "wrong",
    unless: isReplica,
    message: "one apply can delete it: set `deletion_protection = true`",
  },
  {
    path: "enabled_cloudwatch_logs_exports",
    right: some,
    absent: "wrong",
    severity: "note",
    message: "its logs stay on it: set `enabled_cloudwatch_logs_exports`",
  },
  {
    path: "auto_minor_version_upgrade",
    right: isTrue,
    absent: "right",
    message: "it gets no security fixes: set `auto_minor_version_upgrade = true`",
  },
  {
    path: "iam_database_authentication_enabled",
    right: isTrue,
    absent: "wrong",
    severity: "note",
    unless: (resource) => !knowsIam(resource),
    message: "it knows passwords only: set `iam_database_authentication_enabled = true`",
  },
  {
    path: "monitoring_interval",
    right: positive,
    absent: "wrong",
    severity: "note",
    message: "nothing says what its machine does: set `monitoring_interval = 60`",
  },
];

const CLUSTER: readonly Demand[] = [
  {
    path: "storage_encrypted",
    right: isTrue,
    absent: "wrong",
    unless: (resource) => isCopy(resource) || isServerless1(resource),
    message: "its disks are not encrypted: set `storage_encrypted = true`",
  },
  {
    path: "backup_retention_period",
    right: (value) => Number(value) > 1,
    absent: "wrong",
    unless: isReplica,
    message: "its backups are kept for one day: set `backup_retention_period = 7`",
  },
  {
    path: "deletion_protection",
    right: isTrue,
    absent: "wrong",
    message: "one apply can delete it: set `deletion_protection = true`",
  },
  {
    path: "enabled_cloudwatch_logs_exports",
    right: some,
    absent: "wrong",
    severity: "note",
    message: "its logs stay on it: set `enabled_cloudwatch_logs_exports`",
  },
  {
    path: "iam_database_authentication_enabled",
    right: isTrue,
    absent: "wrong",
    severity: "note",
    unless: (resource) => !knowsIam(resource),
    message: "it knows passwords only: set `iam_database_authentication_enabled = true`",
  },
];

const CLUSTER_INSTANCE: readonly Demand[] = INSTANCE.filter(({ path }) =>
  ["publicly_accessible", "auto_minor_version_upgrade", "monitoring_interval"].includes(path),
);

const meet = (demands: readonly Demand[]) => (resource: Resource, module: Module) => unmet(resource, module, demands);

/** SM50 */
export const awsDatabase = resourceRule(
  {
    id: "SM50",
    title: "databases of RDS are encrypted, private, backed up and in two zones",
    help: "The defaults of RDS are those of a test: no encryption, no backups, one zone, and gone with the next destroy.",
    severity: "warning",
    cis: "aws 2.3",
    origins: [
      "CKV_AWS_16",
      "CKV_AWS_17",
      "CKV_AWS_133",
      "CKV_AWS_157",
      "CKV_AWS_293",
      "CKV_AWS_129",
      "CKV_AWS_226",
      "CKV_AWS_161",
      "CKV_AWS_118",
      "CKV_AWS_96",
      "CKV_AWS_139",
      "CKV_AWS_162",
      "CKV_AWS_324",
    ],
  },
  {
    aws_db_instance: meet(INSTANCE),
    aws_rds_cluster: meet(CLUSTER),
    aws_rds_cluster_instance: meet(CLUSTER_INSTANCE),
  },
);
