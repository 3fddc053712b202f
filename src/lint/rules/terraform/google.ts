import { attributeOf, blocksOf } from "../../../formats/hcl/read.ts";
import { hclValue } from "../../../formats/hcl/value.ts";
import type { Complaint } from "../../finding.ts";
import type { RuleContext } from "../../rule.ts";
import { type Module, modulesOf, type Resource } from "./module.ts";
import { at, type Demand, has, isFalse, isTrue, settingOf, unmet } from "./setting.ts";

const DATABASE: readonly Demand[] = [
  {
    path: "settings.ip_configuration.ipv4_enabled",
    right: isFalse,
    absent: "wrong",
    unless: isReplica,
    message: "it has a public address: set `ipv4_enabled = false` and a `private_network` in `ip_configuration`",
  },
  {
    path: "settings.backup_configuration.enabled",
    right: isTrue,
    absent: "wrong",
    unless: isReplica,
    message: "it has no backups: add `backup_configuration { enabled = true }`",
  },
  {
    path: "settings.availability_type",
    right: (value) => value === "REGIONAL",
    absent: "wrong",
    severity: "note",
    unless: isReplica,
    message: 'it is away when its zone is: set `availability_type = "REGIONAL"`',
  },
  {
    path: "deletion_protection",
    right: isTrue,
    absent: "right",
    message: "one apply can delete it: set `deletion_protection = true`",
  },
];

function isReplica(resource: Resource): boolean {
  return has(resource, "master_instance_name");
}

function database(resource: Resource, module: Module, context: RuleContext): Complaint[] {
  const { block, address } = resource;
  const found = unmet(resource, module, DATABASE);
  const mode = settingOf(block.body, "settings.ip_configuration.ssl_mode");
  const required = settingOf(block.body, "settings.ip_configuration.require_ssl");
  const encrypted = [mode, required].some(
    (setting) =>
      setting.kind === "unknown" ||
      (setting.kind === "known" &&
        (isTrue(setting.value) ||
          /^(?:ENCRYPTED_ONLY|TRUSTED_CLIENT_CERTIFICATE_REQUIRED)$/.test(String(setting.value)))),
  );
  if (!encrypted)
    found.push(
      at(
        block,
        `${address}: it takes unencrypted connections: set \`ssl_mode = "ENCRYPTED_ONLY"\` in \`ip_configuration\``,
      ),
    );
  for (const settings of blocksOf(block.body, "settings"))
    for (const ip of blocksOf(settings.body, "ip_configuration"))
      for (const network of blocksOf(ip.body, "authorized_networks"))
        if (/^"(?:0\.0\.0\.0\/0|::\/0)"$/.test(attributeOf(network.body, "value")?.text ?? ""))
          found.push(
            at(network, `${address}: everybody on the internet may try its passwords: remove this network`, "error"),
          );
  const audited = [...modulesOf(context).values()].some(({ resources }) =>
    resources.some(({ type }) => /^google_\w+_iam_audit_config$/.test(type)),
  );
  if (!audited)
    found.push(
      at(
        block,
        `${address}: nobody can tell later who read or changed it: add a \`google_project_iam_audit_config\``,
        "note",
      ),
    );
  return found;
}

const BUCKET: readonly Demand[] = [
  {
    path: "uniform_bucket_level_access",
    right: isTrue,
    absent: "wrong",
    message: "single objects can be public: set `uniform_bucket_level_access = true`",
  },
  {
    path: "public_access_prevention",
    right: (value) => value === "enforced",
    absent: "wrong",
    severity: "note",
    message: 'a role can make it public: set `public_access_prevention = "enforced"`',
  },
  {
    path: "versioning.enabled",
    right: isTrue,
    absent: "wrong",
    severity: "note",
    message: "what is overwritten is gone: add `versioning { enabled = true }`",
  },
];

const REDIS: readonly Demand[] = [
  {
    path: "transit_encryption_mode",
    right: (value) => value === "SERVER_AUTHENTICATION",
    absent: "wrong",
    message: 'it speaks unencrypted: set `transit_encryption_mode = "SERVER_AUTHENTICATION"`',
  },
  {
    path: "auth_enabled",
    right: isTrue,
    absent: "wrong",
    message: "it asks for no password: set `auth_enabled = true`",
  },
];

function role({ block, address }: Resource): Complaint[] {
  const setting = settingOf(block.body, "role");
  if (setting.kind !== "known" || !/^roles\/(?:owner|editor|viewer)$/.test(String(setting.value))) return [];
  return [
    at(
      setting.at,
      `${address}: ${setting.value} reaches everything in the project: give the roles of the services it needs`,
      setting.value === "roles/viewer" ? "note" : "warning",
    ),
  ];
}

function everybody({ block, address }: Resource): Complaint[] {
  return ["member", "members"].flatMap((name) => {
    const attribute = attributeOf(block.body, name);
    const all = [hclValue(attribute?.text ?? "")]
      .flat()
      .some((member) => member === "allUsers" || member === "allAuthenticatedUsers");
    return attribute && all
      ? [at(attribute, `${address}: everybody may use it: name the accounts that need it`, "error")]
      : [];
  });
}

const WEB = new Set(["80", "443"]);

function firewall({ block, address }: Resource): Complaint[] {
  const sources = settingOf(block.body, "source_ranges");
  const direction = settingOf(block.body, "direction");
  const world =
    sources.kind === "known" && [sources.value].flat().some((range) => range === "0.0.0.0/0" || range === "::/0");
  if (!world || (direction.kind === "known" && direction.value === "EGRESS")) return [];
  return blocksOf(block.body, "allow").flatMap((rule) => {
    const protocol = settingOf(rule.body, "protocol");
    const ports = settingOf(rule.body, "ports");
    if (
      protocol.kind === "unknown" ||
      ports.kind === "unknown" ||
      (protocol.kind === "known" && /^(?:icmp|esp|ah)$/i.test(String(protocol.value)))
    )
      return [];
    const open = ports.kind === "known" ? [ports.value].flat().map(String) : ["all"];
    const wrong = open.filter((port) => !WEB.has(port));
    if (wrong.length === 0) return [];
    const grave = wrong.some((port) => /^(?:all|22|3389|3306|5432|6379|27017|0-65535)$/.test(port));
    return [
      at(
        rule,
        `${address}: ${wrong.join(", ")} open to the internet: name the networks that need it`,
        grave ? "error" : "warning",
      ),
    ];
  });
}

function run({ block, address }: Resource): Complaint[] {
  const named = [
    "service_account",
    "template.service_account",
    "template.spec.service_account_name",
    "template.template.service_account",
  ].some((path) => settingOf(block.body, path).kind !== "absent");
  return named
    ? []
    : [
        at(
          block,
          `${address}: it has the rights of the default account, mostly those of an editor: set \`service_account\``,
        ),
      ];
}

function key({ block, address }: Resource): Complaint[] {
  return [at(block, `${address}: a key that does not expire: use workload identity`)];
}

function proxy({ block, address }: Resource): Complaint[] {
  if (attributeOf(block.body, "ssl_policy")) return [];
  return [at(block, `${address}: it takes TLS 1.0: set an \`ssl_policy\` with \`min_tls_version = "TLS_1_2"\``)];
}

const SSL_POLICY: readonly Demand[] = [
  {
    path: "min_tls_version",
    right: (value) => /^TLS_1_[23]$/.test(String(value)),
    absent: "wrong",
    message: 'it takes old TLS: set `min_tls_version = "TLS_1_2"`',
  },
];

const meet = (demands: readonly Demand[]) => (resource: Resource, module: Module) => unmet(resource, module, demands);

export const GOOGLE_CHECKS = {
  google_sql_database_instance: database,
  google_storage_bucket: meet(BUCKET),
  google_redis_instance: meet(REDIS),
  google_project_iam_member: role,
  google_project_iam_binding: role,
  google_folder_iam_member: role,
  google_organization_iam_member: role,
  google_storage_bucket_iam_member: everybody,
  google_storage_bucket_iam_binding: everybody,
  google_compute_firewall: firewall,
  google_cloud_run_service: run,
  google_cloud_run_v2_service: run,
  google_cloud_run_v2_job: run,
  google_service_account_key: key,
  google_compute_target_https_proxy: proxy,
  google_compute_ssl_policy: meet(SSL_POLICY),
};
