import { expect, test } from "vitest";
import { judge } from "../testing.ts";
import { TERRAFORM_RULES } from "./index.ts";
import { type Case, CLEAN, DB, NET } from "./testing.ts";

const CASES: readonly Case[] = [
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
];

test.each(CASES)("%s", (_, file, from, to, told) => {
  const text = CLEAN[file].replace(from, to);
  expect(text).not.toBe(CLEAN[file]);
  const found = judge(TERRAFORM_RULES, { ...CLEAN, [file]: text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});
