import { attributeOf, blocksOf } from "../../../formats/hcl/read.ts";
import type { Complaint } from "../../finding.ts";
import type { RuleContext } from "../../rule.ts";
import { lacks } from "./companion.ts";
import type { Module, Resource } from "./module.ts";
import { at, type Demand, has, isFalse, isTrue, settingOf, unmet } from "./setting.ts";

const PRIVATE: Demand = {
  path: "public_network_access_enabled",
  right: isFalse,
  absent: "wrong",
  // In a subnet of its own it has no public address.
  unless: (resource) => has(resource, "delegated_subnet_id"),
  message: "it has a public address: set `public_network_access_enabled = false`",
};
const TLS = (path: string, right: RegExp, example: string): Demand => ({
  path,
  right: (value) => right.test(String(value)),
  absent: "right",
  message: `it takes old TLS: set \`${path} = "${example}"\``,
});

const SERVER: readonly Demand[] = [PRIVATE];
const SQL_SERVER: readonly Demand[] = [PRIVATE, TLS("minimum_tls_version", /^1\.[23]$/, "1.2")];
const STORAGE: readonly Demand[] = [
  {
    path: "https_traffic_only_enabled",
    right: isTrue,
    absent: "right",
    message: "it answers unencrypted requests: set `https_traffic_only_enabled = true`",
  },
  {
    path: "enable_https_traffic_only",
    right: isTrue,
    absent: "right",
    message: "it answers unencrypted requests: set it to true",
  },
  TLS("min_tls_version", /^TLS1_[23]$/, "TLS1_2"),
  {
    path: "allow_nested_items_to_be_public",
    right: isFalse,
    absent: "wrong",
    message: "a container of it can be made public: set `allow_nested_items_to_be_public = false`",
  },
];
const CACHE: readonly Demand[] = [
  {
    path: "non_ssl_port_enabled",
    right: isFalse,
    absent: "right",
    message: "it speaks unencrypted: set `non_ssl_port_enabled = false`",
  },
  { path: "enable_non_ssl_port", right: isFalse, absent: "right", message: "it speaks unencrypted: set it to false" },
  TLS("minimum_tls_version", /^1\.[23]$/, "1.2"),
  { ...PRIVATE, severity: "note", unless: (resource) => has(resource, "subnet_id") },
];
const WEB_APP: readonly Demand[] = [
  {
    path: "https_only",
    right: isTrue,
    absent: "wrong",
    message: "it answers unencrypted requests: set `https_only = true`",
  },
  TLS("site_config.minimum_tls_version", /^1\.[23]$/, "1.2"),
];
const REGISTRY: readonly Demand[] = [
  {
    path: "admin_enabled",
    right: isFalse,
    absent: "right",
    message: "one password for everybody pushes images: set `admin_enabled = false` and use identities",
  },
];
const VAULT: readonly Demand[] = [
  {
    path: "purge_protection_enabled",
    right: isTrue,
    absent: "wrong",
    message: "its secrets can be destroyed for good: set `purge_protection_enabled = true`",
  },
];

function identity({ block, address }: Resource): Complaint[] {
  const found: Complaint[] = has({ block }, "identity")
    ? []
    : [
        at(
          block,
          `${address}: without an identity it needs passwords for what it calls: add \`identity { type = "SystemAssigned" }\``,
        ),
      ];
  for (const ingress of blocksOf(block.body, "ingress")) {
    const open = settingOf(ingress.body, "allow_insecure_connections");
    if (open.kind === "known" && isTrue(open.value))
      found.push(
        at(open.at, `${address}: it answers unencrypted requests: set \`allow_insecure_connections = false\``),
      );
  }
  return found;
}

function assignment({ block, address }: Resource): Complaint[] {
  const role = settingOf(block.body, "role_definition_name");
  const scope = attributeOf(block.body, "scope")?.text ?? "";
  const wide = /azurerm_subscription|data\.azurerm_subscription|\/subscriptions\/[^/]*"?$/.test(scope);
  if (role.kind !== "known" || !/^(?:Owner|Contributor|User Access Administrator)$/.test(String(role.value))) return [];
  return [
    at(
      role.at,
      `${address}: ${role.value} reaches ${wide ? "the whole subscription" : "everything in its scope"}: give the role of what it needs`,
      wide ? "warning" : "note",
    ),
  ];
}

function firewallRule({ block, address }: Resource): Complaint[] {
  const [from, to] = ["start_ip_address", "end_ip_address"].map((name) => attributeOf(block.body, name)?.text);
  if (from !== '"0.0.0.0"' || to !== '"255.255.255.255"') return [];
  return [
    at(block, `${address}: everybody on the internet may try its passwords: name the addresses that need it`, "error"),
  ];
}

const ANYWHERE = /^(?:\*|0\.0\.0\.0\/0|::\/0|Internet|Any)$/i;

function securityRule(body: Parameters<typeof settingOf>[0], address: string): Complaint[] {
  const value = (path: string) => {
    const setting = settingOf(body, path);
    return setting.kind === "known" ? setting : undefined;
  };
  const source = value("source_address_prefix");
  if (
    value("direction")?.value !== "Inbound" ||
    value("access")?.value !== "Allow" ||
    !ANYWHERE.test(String(source?.value ?? ""))
  )
    return [];
  const ports = [value("destination_port_range")?.value, value("destination_port_ranges")?.value]
    .flat()
    .filter((port) => port !== undefined);
  const wrong = ports.map(String).filter((port) => port !== "80" && port !== "443");
  if (!source || wrong.length === 0) return [];
  const grave = wrong.some((port) => /^(?:\*|22|3389|1433|3306|5432|6379|0-65535)$/.test(port));
  return [
    at(
      source.at,
      `${address}: ${wrong.join(", ")} open to the internet: name the networks that need it`,
      grave ? "error" : "warning",
    ),
  ];
}

function group({ block, address }: Resource): Complaint[] {
  return blocksOf(block.body, "security_rule").flatMap(({ body }) => securityRule(body, address));
}

function password({ block, address }: Resource): Complaint[] {
  return [at(block, `${address}: a password that lies in the state: use a federated credential or a managed identity`)];
}

/** Databases and vaults say who used them only where something listens. */
const audited =
  (demands: readonly Demand[]) =>
  (resource: Resource, module: Module, context: RuleContext): Complaint[] => {
    const silent = lacks(
      resource,
      module,
      ["azurerm_monitor_diagnostic_setting", "azurerm_mssql_server_extended_auditing_policy"],
      context,
    );
    const message = `${resource.address}: nobody can tell later who used it: add an \`azurerm_monitor_diagnostic_setting\``;
    return [...unmet(resource, module, demands), ...(silent ? [at(resource.block, message, "note")] : [])];
  };
const meet = (demands: readonly Demand[]) => (resource: Resource, module: Module) => unmet(resource, module, demands);

export const AZURE_CHECKS = {
  azurerm_postgresql_flexible_server: audited(SERVER),
  azurerm_mysql_flexible_server: audited(SERVER),
  azurerm_mssql_server: audited(SQL_SERVER),
  azurerm_key_vault: audited(VAULT),
  azurerm_storage_account: meet(STORAGE),
  azurerm_redis_cache: meet(CACHE),
  azurerm_linux_web_app: meet(WEB_APP),
  azurerm_linux_function_app: meet(WEB_APP),
  azurerm_container_registry: meet(REGISTRY),
  azurerm_container_app: identity,
  azurerm_role_assignment: assignment,
  azurerm_postgresql_flexible_server_firewall_rule: firewallRule,
  azurerm_mysql_flexible_server_firewall_rule: firewallRule,
  azurerm_mssql_firewall_rule: firewallRule,
  azurerm_network_security_rule: ({ block, address }: Resource) => securityRule(block.body, address),
  azurerm_network_security_group: group,
  azuread_application_password: password,
  azuread_service_principal_password: password,
};
