import { expect, test } from "vitest";
import { judge } from "../testing.ts";
import { TERRAFORM_RULES } from "./index.ts";

const OTHERS: readonly (readonly [name: string, text: string, told: readonly RegExp[]])[] = [
  [
    "a JSON policy of everything",
    'resource "aws_iam_policy" "x" {\n  policy = <<-EOT\n    {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}\n  EOT\n}\n',
    [/^SM57 error/],
  ],
  [
    "a JSON policy that denies",
    'resource "aws_iam_policy" "x" {\n  policy = jsonencode({ Statement = { Effect = "Deny", Action = "*", Resource = "*" } })\n}\n',
    [],
  ],
  [
    "containers as JSON",
    'resource "aws_ecs_task_definition" "x" {\n  container_definitions = <<EOT\n[{"name": "a", "image": "${var.image}"}]\nEOT\n}\n',
    [/^SM52 warning .*a can change/],
  ],
  [
    "a cluster of databases",
    'resource "aws_rds_cluster" "x" {\n  engine = "aurora-postgresql"\n}\n',
    [/storage_encrypted/, /one day/, /deletion_protection/, /^SM50 note/, /^SM50 note/],
  ],
  [
    "a private database of Google",
    'resource "google_sql_database_instance" "x" {\n  settings {\n    availability_type = "REGIONAL"\n    backup_configuration { enabled = true }\n    ip_configuration {\n      ipv4_enabled = false\n      ssl_mode = "ENCRYPTED_ONLY"\n    }\n  }\n}\nresource "google_project_iam_audit_config" "x" {}\n',
    [],
  ],
  [
    "a public database of Google",
    'resource "google_sql_database_instance" "x" {\n  deletion_protection = false\n  settings {\n    ip_configuration {\n      authorized_networks { value = "0.0.0.0/0" }\n    }\n  }\n}\n',
    [
      /public address/,
      /backups/,
      /^SM58 note .*zone/,
      /delete/,
      /ssl_mode/,
      /^SM58 error .*passwords/,
      /^SM58 note .*audit/,
    ],
  ],
  [
    "an editor",
    'resource "google_project_iam_member" "x" { role = "roles/editor" }\nresource "google_project_iam_member" "y" { role = "roles/run.developer" }\n',
    [/^SM58 warning .*:1 .*roles\/editor/],
  ],
  [
    "a bucket for everybody",
    'resource "google_storage_bucket_iam_member" "x" { member = "allUsers" }\n',
    [/^SM58 error/],
  ],
  [
    "a firewall",
    'resource "google_compute_firewall" "x" {\n  source_ranges = ["0.0.0.0/0"]\n  allow {\n    protocol = "tcp"\n    ports = ["443", "22"]\n  }\n}\n',
    [/^SM58 error .*22 open/],
  ],
  ["a key of an account", 'resource "google_service_account_key" "x" {}\n', [/^SM58 warning .*workload identity/]],
  [
    "a service with the default account",
    'resource "google_cloud_run_v2_service" "x" {\n  template { containers { image = "x" } }\n}\nresource "google_cloud_run_v2_service" "y" {\n  template { service_account = google_service_account.y.email }\n}\n',
    [/^SM58 warning .*:1 /],
  ],
  ["a cache of Google", 'resource "google_redis_instance" "x" { auth_enabled = true }\n', [/^SM58 warning .*transit/]],
  [
    "a database of Azure",
    'resource "azurerm_postgresql_flexible_server" "x" {}\nresource "azurerm_postgresql_flexible_server_firewall_rule" "all" {\n  start_ip_address = "0.0.0.0"\n  end_ip_address = "255.255.255.255"\n}\n',
    [/^SM58 warning .*public address/, /^SM58 note .*diagnostic/, /^SM58 error .*internet/],
  ],
  [
    "a database of Azure in its subnet",
    'resource "azurerm_postgresql_flexible_server" "x" { delegated_subnet_id = azurerm_subnet.db.id }\nresource "azurerm_monitor_diagnostic_setting" "x" { target_resource_id = azurerm_postgresql_flexible_server.x.id }\n',
    [],
  ],
  [
    "storage of Azure",
    'resource "azurerm_storage_account" "x" { min_tls_version = "TLS1_0" }\n',
    [/old TLS/, /can be made public/],
  ],
  [
    "a container app",
    'resource "azurerm_container_app" "x" {\n  ingress { allow_insecure_connections = true }\n}\n',
    [/identity/, /unencrypted/],
  ],
  [
    "an owner of Azure",
    'resource "azurerm_role_assignment" "x" {\n  role_definition_name = "Owner"\n  scope = data.azurerm_subscription.current.id\n}\n',
    [/^SM58 warning .*whole subscription/],
  ],
  [
    "an open port of Azure",
    'resource "azurerm_network_security_rule" "x" {\n  direction = "Inbound"\n  access = "Allow"\n  source_address_prefix = "*"\n  destination_port_range = "22"\n}\n',
    [/^SM58 error .*22 open/],
  ],
  ["a password of Azure", 'resource "azuread_application_password" "x" {}\n', [/^SM58 warning .*federated/]],
];

test.each(OTHERS)("%s", (_, text, told) => {
  const found = judge(TERRAFORM_RULES, { "modules/x/main.tf": text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});
