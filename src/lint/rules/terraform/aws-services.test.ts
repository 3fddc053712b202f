import { expect, test } from "vitest";
import { judge } from "../testing.ts";
import { TERRAFORM_RULES } from "./index.ts";
import { APP, type Case, CLEAN, DB, NET } from "./testing.ts";

const CASES: readonly Case[] = [
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
