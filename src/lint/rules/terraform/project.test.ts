import { expect, test } from "vitest";
import { judge } from "../testing.ts";
import { TERRAFORM_RULES } from "./index.ts";
import { APP, type Case, CLEAN, DB, MAIN } from "./testing.ts";

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
    "a line that terraform fmt would change",
    MAIN,
    /( {2}required_version) = /,
    "$1=",
    [/^SM49 note .*:2 .*terraform fmt/],
  ],
  ["an indent that it would change", MAIN, /\n {4}bucket/, "\n\tbucket", [/^SM49 note .*terraform fmt/]],
  [
    "a module without its version",
    APP,
    /$/,
    'module "n" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n',
    [/^SM49 warning .*module n is the newest/],
  ],
  [
    "a module of a branch",
    APP,
    /$/,
    'module "n" {\n  source = "git::https://github.com/acme/net.git//vpc"\n}\n',
    [/^SM49 warning .*module n .*\?ref=/],
  ],
  [
    "modules with a version, a commit, of this repository",
    APP,
    /$/,
    'module "a" {\n  source  = "terraform-aws-modules/vpc/aws//modules/x"\n  version = "~> 6.0"\n}\nmodule "b" {\n  source = "github.com/acme/net?ref=v1.2.0"\n}\nmodule "c" {\n  source = "../net"\n}\n',
    [],
  ],
  [
    "data that nothing uses",
    APP,
    "data.aws_iam_policy_document.deploy.json",
    '"{}"',
    [/^SM49 note .*deploy is not used/],
  ],
];

test.each(CASES)("%s", (_, file, from, to, told) => {
  const text = CLEAN[file].replace(from, to);
  expect(text).not.toBe(CLEAN[file]);
  const found = judge(TERRAFORM_RULES, { ...CLEAN, [file]: text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});
