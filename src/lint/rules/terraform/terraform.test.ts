import { describe, expect, test } from "vitest";
import { hcl } from "../../validators/terraform.ts";
import { judge, validated } from "../testing.ts";
import { TERRAFORM_RULES } from "./index.ts";
import { CLEAN } from "./testing.ts";

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
