import { describe, expect, test } from "vitest";
import { hcl } from "../../validators/terraform.ts";
import { judge, validated } from "../testing.ts";
import { TERRAFORM_RULES } from "./index.ts";

const VERSIONS = `terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.80" }
  }
  backend "s3" {
    bucket       = "acme-state"
    key          = "shop/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  type        = string
  description = "Region of all resources."
}

locals {
  name = "shop-\${var.region}"
}
`;

const NETWORK = `resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = local.name }
}

resource "aws_flow_log" "main" {
  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.flow.arn
}

resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_cloudwatch_log_group" "flow" {
  name              = "/vpc/\${local.name}"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.logs.arn
}

resource "aws_kms_key" "logs" {
  policy = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
  }
}

resource "aws_security_group" "balancer" {
  vpc_id = aws_vpc.main.id
  ingress {
    description = "HTTPS"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "main" {
  name                       = local.name
  security_groups            = [aws_security_group.balancer.id]
  drop_invalid_header_fields = true
  enable_deletion_protection = true
  access_logs {
    bucket  = aws_s3_bucket.logs.id
    enabled = true
  }
}

resource "aws_wafv2_web_acl_association" "main" {
  resource_arn = aws_lb.main.arn
  web_acl_arn  = aws_wafv2_web_acl.main.arn
}

resource "aws_wafv2_web_acl" "main" {
  name = local.name
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}
`;

const DATA = `resource "aws_db_instance" "main" {
  engine                              = "postgres"
  storage_encrypted                   = true
  publicly_accessible                 = false
  backup_retention_period             = 7
  multi_az                            = true
  deletion_protection                 = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  iam_database_authentication_enabled = true
  monitoring_interval                 = 60
}

resource "aws_s3_bucket" "logs" {
  bucket_prefix = "logs-"
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
}

resource "aws_cloudfront_distribution" "site" {
  origin {
    domain_name              = aws_s3_bucket.logs.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
    origin_id                = "site"
  }
  default_cache_behavior {
    viewer_protocol_policy = "redirect-to-https"
  }
  logging_config { bucket = aws_s3_bucket.logs.bucket_domain_name }
  viewer_certificate {
    acm_certificate_arn      = var.certificate
    minimum_protocol_version = "TLSv1.2_2021"
  }
}

resource "aws_cloudfront_origin_access_control" "site" {
  name = local.name
}

variable "certificate" {
  type        = string
  description = "Certificate of the site."
}
`;

const SERVICES = `resource "aws_ecs_cluster" "main" {
  name = local.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "api" {
  family             = "api"
  execution_role_arn = aws_iam_role.execution.arn
  task_role_arn      = aws_iam_role.deploy.arn
  container_definitions = jsonencode([{
    name                   = "api"
    image                  = var.image
    readonlyRootFilesystem = true
    portMappings           = [{ containerPort = 8080 }]
  }])
}

variable "image" {
  type        = string
  description = "Image with its digest."
}

resource "aws_ecs_service" "api" {
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.api.arn
  network_configuration {
    subnets = []
  }
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}

resource "aws_ecr_repository" "api" {
  name                 = "api"
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration { scan_on_push = true }
}

resource "aws_iam_role" "execution" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "deploy" {
  assume_role_policy = data.aws_iam_policy_document.github.json
}

data "aws_iam_policy_document" "github" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/shop:environment:production"]
    }
  }
}

resource "aws_iam_openid_connect_provider" "github" {
  url = "https://token.actions.githubusercontent.com"
}

resource "aws_iam_role_policy" "deploy" {
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.deploy.json
}

data "aws_iam_policy_document" "deploy" {
  statement {
    actions   = ["ecr:GetAuthorizationToken", "ecs:RegisterTaskDefinition"]
    resources = ["*"]
  }
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:*:*:secret:shop-*"]
  }
}

resource "aws_launch_template" "nodes" {
  metadata_options { http_tokens = "required" }
}
`;

const CLEAN = {
  "infra/aws/main.tf": VERSIONS,
  "infra/aws/network.tf": NETWORK,
  "infra/aws/data.tf": DATA,
  "infra/aws/services.tf": SERVICES,
  "infra/aws/production.tfvars": 'region = "eu-west-1"\n',
};

describe("sound modules", () => {
  test("an application on AWS", async () => {
    expect(judge(TERRAFORM_RULES, CLEAN)).toEqual([]);
    expect(await validated(hcl, CLEAN)).toEqual([]);
  });

  test("values that only a run knows are not guessed", () => {
    const text = `resource "aws_db_instance" "main" {
  storage_encrypted                   = var.encrypted
  backup_retention_period             = local.days
  multi_az                            = var.production ? true : false
  deletion_protection                 = var.production
  enabled_cloudwatch_logs_exports     = var.logs
  iam_database_authentication_enabled = var.iam
  monitoring_interval                 = var.interval
}
resource "aws_lb" "main" {
  internal                   = var.internal
  drop_invalid_header_fields = var.drop
  enable_deletion_protection = var.protect
  dynamic "access_logs" {
    for_each = var.logs
    content { enabled = false }
  }
}
resource "aws_s3_bucket" "this" { for_each = var.buckets }
resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = var.buckets
  bucket                  = each.value
  block_public_acls       = try(each.value.block, true)
  block_public_policy     = var.block
  ignore_public_acls      = var.block
  restrict_public_buckets = var.block
}
resource "aws_s3_bucket_versioning" "this" { bucket = local.bucket }
resource "aws_s3_bucket_server_side_encryption_configuration" "this" { bucket = aws_s3_bucket.this[0].id }
resource "aws_s3_bucket_lifecycle_configuration" "this" { bucket = aws_s3_bucket.this["a"].id }
`;
    expect(judge(TERRAFORM_RULES, { "modules/all/main.tf": text })).toEqual([]);
  });

  test("what lies in another module may belong to it", () => {
    const files = {
      "infra/network/main.tf":
        'resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }\noutput "id" { value = aws_vpc.main.id }\n',
      "infra/logs/main.tf":
        'variable "vpc" {\n  type        = string\n  description = "VPC"\n}\nresource "aws_flow_log" "x" { vpc_id = var.vpc }\nresource "aws_default_security_group" "x" { vpc_id = var.vpc }\n',
    };
    expect(judge(TERRAFORM_RULES, files)).toEqual([]);
    const given = {
      "m/main.tf":
        'resource "aws_vpc" "main" {}\nmodule "logs" {\n  source = "../logs"\n  vpc    = aws_vpc.main.id\n}\n',
    };
    expect(judge(TERRAFORM_RULES, given)).toEqual([]);
  });

  test("an example has no state", () => {
    const text =
      'provider "aws" { region = "eu-west-1" }\nmodule "x" { source = "../.." }\nresource "aws_sqs_queue" "q" {}\n';
    expect(judge(TERRAFORM_RULES, { "examples/simple/main.tf": text })).toEqual([]);
  });
});

type Case = readonly [
  name: string,
  file: keyof typeof CLEAN,
  from: string | RegExp,
  to: string,
  told: readonly RegExp[],
];
const MAIN = "infra/aws/main.tf";
const NET = "infra/aws/network.tf";
const DB = "infra/aws/data.tf";
const APP = "infra/aws/services.tf";
const CASES: readonly Case[] = [
  // SM49
  ["no version of Terraform", MAIN, '  required_version = ">= 1.9"\n', "", [/^SM49 warning .*:1 .*required_version/]],
  ["no version of a provider", MAIN, ', version = "~> 5.80"', "", [/^SM49 warning .*:4 .*provider aws/]],
  ["a provider nobody asks for", APP, /$/, 'resource "random_id" "x" {}\n', [/^SM49 warning .*provider random/]],
  ["no backend", MAIN, / {2}backend "s3" \{[\s\S]*?\n {2}\}\n/, "", [/^SM49 warning .*disk/]],
  [
    "a backend on the disk",
    MAIN,
    / {2}backend "s3" \{[\s\S]*?\n {2}\}\n/,
    '  backend "local" {}\n',
    [/^SM49 warning .*:6 .*disk/],
  ],
  ["settings of the backend at init", MAIN, / {2}backend "s3" \{[\s\S]*?\n {2}\}\n/, '  backend "s3" {}\n', []],
  ["a state in clear text", MAIN, "    encrypt      = true\n", "", [/^SM49 warning .*encrypt = true/]],
  ["a state that two may write", MAIN, "    use_lockfile = true\n", "", [/^SM49 warning .*use_lockfile/]],
  ["a state locked the older way", MAIN, "use_lockfile = true", 'dynamodb_table = "locks"', []],
  ["a variable without type", MAIN, "  type        = string\n", "", [/^SM49 warning .*region has no type/]],
  ["a variable without description", MAIN, / {2}description = .*\n/, "", [/^SM49 note .*region has no description/]],
  ["a variable that nothing uses", DB, "var.certificate", '"arn"', [/^SM49 warning .*certificate is not used/]],
  ["a local that nothing uses", MAIN, "locals {\n", "locals {\n  spare = 1\n", [/^SM49 warning .*:25 .*spare/]],
  [
    "data that nothing uses",
    APP,
    "data.aws_iam_policy_document.deploy.json",
    '"{}"',
    [/^SM49 note .*deploy is not used/],
  ],
  // SM50
  ["no encryption", DB, / {2}storage_encrypted .*\n/, "", [/^SM50 warning .*:1 .*storage_encrypted/]],
  ["open to the internet", DB, /(publicly_accessible\s+= )false/, "$1true", [/^SM50 error .*:4 /]],
  ["no backups", DB, /(backup_retention_period\s+= )7/, "$10", [/^SM50 warning .*:5 .*backups/]],
  ["one zone", DB, / {2}multi_az .*\n/, "", [/^SM50 warning .*multi_az/]],
  ["may be deleted", DB, /(deletion_protection\s+= )true/, "$1false", [/^SM50 warning/]],
  ["no logs", DB, / {2}enabled_cloudwatch.*\n/, "", [/^SM50 note/]],
  [
    "no minor versions",
    DB,
    "multi_az",
    "auto_minor_version_upgrade = false\n  multi_az",
    [/^SM50 warning .*security fixes/],
  ],
  ["passwords only", DB, / {2}iam_data.*\n/, "", [/^SM50 note .*iam_database/]],
  ["an engine that has passwords only", DB, /engine .*\n([\s\S]*?) {2}iam_data.*\n/, 'engine = "sqlserver-se"\n$1', []],
  [
    "no monitoring",
    DB,
    "monitoring_interval                 = 60",
    "monitoring_interval = 0",
    [/^SM50 note .*monitoring/],
  ],
  [
    "a replica has what its source has",
    DB,
    / {2}storage_encrypted .*\n| {2}backup_ret.*\n/g,
    "",
    [/^SM50 warning/, /^SM50 warning/],
  ],
  // SM51
  ["requests in clear text", NET, 'type = "redirect"', 'type = "forward"', [/^SM51 warning .*unencrypted/]],
  ["old TLS by default", NET, / {2}ssl_policy .*\n/, "", [/^SM51 warning .*TLS 1\.0/]],
  [
    "old TLS by name",
    NET,
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-2016-08",
    [/^SM51 warning .*TLS 1\.0/],
  ],
  ["broken headers", NET, / {2}drop_invalid.*\n/, "", [/^SM51 warning .*headers/]],
  ["no access log", NET, / {2}access_logs \{[\s\S]*?\n {2}\}\n/, "", [/^SM51 warning .*access log/]],
  ["a balancer that may be deleted", NET, / {2}enable_del.*\n/, "", [/^SM51 warning/]],
  ["nothing filters", NET, "resource_arn = aws_lb.main.arn", "resource_arn = aws_lb_listener.https.arn", []],
  ["no filter at all", NET, /resource "aws_wafv2_web_acl_association"[\s\S]*?\n\}\n/, "", [/^SM51 warning .*filters/]],
  [
    "a network balancer knows no headers",
    NET,
    /(name +)= local.name\n {2}security_groups[\s\S]*?\n {2}\}\n/,
    '$1= local.name\n  load_balancer_type = "network"\n  security_groups = [aws_security_group.balancer.id]\n',
    [],
  ],
  // SM52
  ["no insights", APP, / {2}setting \{[\s\S]*?\n {2}\}\n/, "", [/^SM52 warning .*containerInsights/]],
  [
    "a root file system that can change",
    APP,
    "    readonlyRootFilesystem = true\n",
    "",
    [/^SM52 warning .*api can change/],
  ],
  [
    "one role for all",
    APP,
    "task_role_arn      = aws_iam_role.deploy.arn",
    "task_role_arn      = aws_iam_role.execution.arn",
    [/^SM52 warning .*role of its own/],
  ],
  ["a public address", APP, "subnets = []", "assign_public_ip = true", [/^SM52 warning .*public addresses/]],
  ["no way back", APP, "rollback = true", "rollback = false", [/^SM52 warning .*for ever/]],
  [
    "another controller goes back itself",
    APP,
    / {2}deployment_circuit_breaker \{[\s\S]*?\n {2}\}\n/,
    '  deployment_controller { type = "CODE_DEPLOY" }\n',
    [],
  ],
  ["tags that change", APP, / {2}image_tag_mut.*\n/, "", [/^SM52 warning .*IMMUTABLE/]],
  ["images nobody looks at", APP, / {2}image_scanning.*\n/, "", [/^SM52 warning .*scan_on_push/]],
  // SM53
  ["no flow log", NET, /resource "aws_flow_log"[\s\S]*?\n\}\n/, "", [/^SM53 warning .*flow_log/]],
  [
    "a default group that is open",
    NET,
    /resource "aws_default_security_group" "main" \{\n/,
    "$&  ingress { self = true }\n",
    [/^SM53 warning .*remove its ingress/],
  ],
  [
    "no default group",
    NET,
    /resource "aws_default_security_group"[\s\S]*?\n\}\n/,
    "",
    [/^SM53 warning .*default group/],
  ],
  ["a group nothing uses", NET, / {2}security_groups .*\n/, "", [/^SM53 note .*nothing uses/]],
  [
    "a shell open to the internet",
    NET,
    /443\n {4}to_port {5}= 443/,
    "22\n    to_port     = 22",
    [/^SM53 error .*port 22/],
  ],
  ["all ports", NET, 'protocol    = "tcp"\n    cidr', 'protocol    = "-1"\n    cidr', [/^SM53 error .*every port/]],
  ["another port", NET, /443\n {4}to_port {5}= 443/, "8443\n    to_port     = 8443", [/^SM53 warning .*8443/]],
  [
    "a port for a network",
    NET,
    /443\n {4}to_port {5}= 443([\s\S]*?)0\.0\.0\.0\/0/,
    "5432\n    to_port     = 5432$110.0.0.0/8",
    [],
  ],
  [
    "a rule of its own",
    NET,
    /$/,
    'resource "aws_vpc_security_group_ingress_rule" "db" {\n  security_group_id = aws_security_group.balancer.id\n  cidr_ipv4 = "0.0.0.0/0"\n  from_port = 5432\n  to_port = 5432\n  ip_protocol = "tcp"\n}\n',
    [/^SM53 error .*5432/],
  ],
  // SM54
  [
    "may become public",
    DB,
    /resource "aws_s3_bucket_public_access_block"[\s\S]*?\n\}\n/,
    "",
    [/^SM54 warning .*public_access_block/],
  ],
  [
    "half a block",
    DB,
    "restrict_public_buckets = true",
    "restrict_public_buckets = false",
    [/^SM54 warning .*restrict_public_buckets/],
  ],
  ["no versions", DB, /resource "aws_s3_bucket_versioning"[\s\S]*?\n\}\n/, "", [/^SM54 note/]],
  [
    "versions the older way",
    DB,
    /(bucket_prefix = .*\n)([\s\S]*)resource "aws_s3_bucket_versioning"[\s\S]*?\n\}\n/,
    "$1  versioning { enabled = true }\n$2",
    [],
  ],
  ["a public ACL", DB, 'bucket_prefix = "logs-"', 'acl = "public-read"', [/^SM54 error/]],
  // SM55
  ["old TLS at the edge", DB, / {4}minimum_protocol_version.*\n/, "", [/^SM55 warning .*TLSv1\.2_2021/]],
  [
    "the certificate of CloudFront",
    DB,
    / {4}acm_cert.*\n {4}minimum.*\n/,
    "    cloudfront_default_certificate = true\n    other = var.certificate\n",
    [],
  ],
  ["no log at the edge", DB, / {2}logging_config .*\n/, "", [/^SM55 warning .*logging_config/]],
  ["unencrypted at the edge", DB, '"redirect-to-https"', '"allow-all"', [/^SM55 warning .*redirect/]],
  [
    "no identity for the bucket",
    DB,
    / {4}origin_access_control_id .*\n/,
    "",
    [/^SM55 warning .*origin_access_control/],
  ],
  // SM56
  ["logs for ever", NET, / {2}retention_in_days .*\n/, "", [/^SM56 warning .*retention/]],
  // SM57
  ["everything", APP, /actions {3}= \["ecr:[^\]]*\]/, 'actions   = ["*"]', [/^SM57 error .*everything/]],
  [
    "secrets of everybody",
    APP,
    '["arn:aws:secretsmanager:*:*:secret:shop-*"]',
    '["*"]',
    [/^SM57 warning .*secretsmanager:GetSecretValue/],
  ],
  ["every repository", APP, / {4}condition \{[\s\S]*?\n {4}\}\n/, "", [/^SM57 error .*every repository/]],
  [
    "every repository of an owner",
    APP,
    "repo:acme/shop:environment:production",
    "repo:acme/*",
    [/^SM57 error .*every repository there/],
  ],
  ["every branch", APP, "repo:acme/shop:environment:production", "repo:acme/shop:*", [/^SM57 warning .*any branch/]],
  ["one branch", APP, "repo:acme/shop:environment:production", "repo:acme/shop:ref:refs/heads/main", []],
  [
    "the old metadata service",
    APP,
    '  metadata_options { http_tokens = "required" }\n',
    "",
    [/^SM57 warning .*http_tokens/],
  ],
];

test.each(CASES)("%s", (_, file, from, to, told) => {
  const text = CLEAN[file].replace(from, to);
  expect(text).not.toBe(CLEAN[file]);
  const found = judge(TERRAFORM_RULES, { ...CLEAN, [file]: text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});

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

test.each([
  "",
  "resource",
  'resource "aws_lb" {',
  'resource "aws_db_instance" "x" { storage_encrypted = }',
  'variable "a" {}\nvariable "(" {}\nlocals { ".*" = 1 }',
  'terraform { backend { } required_providers = 3 }\nprovider {}\nmodule { source = "./" }',
  'data "aws_iam_policy_document" "x" { statement { actions = [[[ } }',
  'resource "aws_iam_policy" "x" { policy = "{" }',
  'resource "constructor" "__proto__" {}',
  "\0{{{{",
])("garbage %j never throws", async (text) => {
  expect(() => judge(TERRAFORM_RULES, { "a/main.tf": text, "a/x.tfvars": text })).not.toThrow();
  await expect(validated(hcl, { "a/main.tf": text })).resolves.toBeInstanceOf(Array);
});

test("the parser tells what it cannot read", async () => {
  expect(await validated(hcl, { "a/main.tf": 'resource "a" "b" {\n  x = 1 1\n}\n' })).toEqual([
    expect.stringMatching(/^hcl error a\/main\.tf:2 /),
  ]);
});
