import { blocksOf } from "../../../formats/hcl/read.ts";
import type { Complaint } from "../../finding.ts";
import type { RuleContext } from "../../rule.ts";
import { lacks } from "./companion.ts";
import { type Module, type Resource, textOf } from "./module.ts";
import { resourceRule } from "./rules.ts";
import { at, type Demand, has, isTrue, settingOf, unmet } from "./setting.ts";

/** What belongs to a bucket, as a resource of its own or (in older files) a block in it. */
const BESIDE: readonly { type: string; block: string; message: string; severity?: Complaint["severity"] }[] = [
  {
    type: "aws_s3_bucket_public_access_block",
    block: "",
    message: "a policy or an ACL can make it public: add an `aws_s3_bucket_public_access_block`",
  },
  {
    type: "aws_s3_bucket_versioning",
    block: "versioning",
    message: "what is overwritten is gone: add an `aws_s3_bucket_versioning`",
    severity: "note",
  },
  {
    type: "aws_s3_bucket_server_side_encryption_configuration",
    block: "server_side_encryption_configuration",
    message: "its encryption is left to the default: add an `aws_s3_bucket_server_side_encryption_configuration`",
    severity: "note",
  },
  {
    type: "aws_s3_bucket_lifecycle_configuration",
    block: "lifecycle_rule",
    message: "nothing is ever removed: add an `aws_s3_bucket_lifecycle_configuration`",
    severity: "note",
  },
];

function bucket(resource: Resource, module: Module, context: RuleContext): Complaint[] {
  const beside = BESIDE.filter(
    ({ type, block }) => !(block !== "" && has(resource, block)) && lacks(resource, module, [type], context),
  ).map(({ message, severity }) => at(resource.block, `${resource.address}: ${message}`, severity));
  return [...beside, ...publicAcl(resource, module)];
}

function publicAcl(resource: Resource, module: Module): Complaint[] {
  return unmet(resource, module, [
    {
      path: "acl",
      right: (value) => !/^public-/.test(String(value)),
      absent: "right",
      severity: "error",
      message: "everybody can read it: use a policy for CloudFront instead of a public ACL",
    },
  ]);
}

const ACCESS_BLOCK: readonly Demand[] = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
].map((path) => ({ path, right: isTrue, absent: "wrong", message: `set \`${path} = true\`` }));

/** SM54 */
export const awsStorage = resourceRule(
  {
    id: "SM54",
    title: "buckets are private, encrypted, versioned and tidied",
    help: "One policy or ACL makes a bucket public unless all four blocks are on; without versions an overwrite cannot be undone.",
    severity: "warning",
    cis: "aws 2.1",
    origins: [
      "CKV2_AWS_6",
      "CKV_AWS_19",
      "CKV_AWS_20",
      "CKV_AWS_21",
      "CKV_AWS_53",
      "CKV_AWS_54",
      "CKV_AWS_55",
      "CKV_AWS_56",
      "CKV2_AWS_61",
    ],
  },
  {
    aws_s3_bucket: bucket,
    aws_s3_bucket_acl: publicAcl,
    aws_s3_bucket_public_access_block: (resource, module) => unmet(resource, module, ACCESS_BLOCK),
  },
);

function distribution(resource: Resource, module: Module, context: RuleContext): Complaint[] {
  const { block, address } = resource;
  const found: Complaint[] = [];
  const version = settingOf(block.body, "viewer_certificate.minimum_protocol_version");
  const standard = settingOf(block.body, "viewer_certificate.cloudfront_default_certificate");
  const usesDefault = standard.kind === "known" && isTrue(standard.value);
  if (
    !usesDefault &&
    version.kind !== "unknown" &&
    !/^TLSv1\.[23]/.test(version.kind === "known" ? String(version.value) : "")
  )
    found.push(
      at(
        version.kind === "known" ? version.at : block,
        `${address}: it takes old TLS: set \`minimum_protocol_version = "TLSv1.2_2021"\``,
      ),
    );
  if (!has(resource, "logging_config") && lacks(resource, module, ["aws_cloudwatch_log_delivery_source"], context))
    found.push(at(block, `${address}: it keeps no log: add \`logging_config\``));
  for (const type of ["default_cache_behavior", "ordered_cache_behavior"])
    for (const behavior of blocksOf(block.body, type)) {
      const policy = settingOf(behavior.body, "viewer_protocol_policy");
      if (policy.kind === "known" && policy.value === "allow-all")
        found.push(
          at(
            policy.at,
            `${address}: it answers unencrypted requests: set \`viewer_protocol_policy = "redirect-to-https"\``,
          ),
        );
    }
  for (const origin of blocksOf(block.body, "origin")) {
    const text = textOf({ file: resource.file, block: origin });
    const fromBucket =
      /aws_s3_bucket\.[\w-]+(?:\[[^\]]*\])?\.bucket(?:_regional)?_domain_name|\.s3[.-][\w.-]*amazonaws\.com/.test(text);
    if (fromBucket && !has({ block: origin }, "origin_access_control_id"))
      found.push(
        at(
          origin,
          `${address}: its bucket has to be public or trust an old kind of identity: use an \`aws_cloudfront_origin_access_control\``,
        ),
      );
  }
  return found;
}

/** SM55 */
export const awsDelivery = resourceRule(
  {
    id: "SM55",
    title: "CloudFront speaks TLS 1.2, keeps logs and alone reads its bucket",
    help: "A bucket behind CloudFront need not be public: an origin access control lets the distribution alone read it.",
    severity: "warning",
    origins: ["CKV_AWS_174", "CKV_AWS_86", "CKV_AWS_34", "CKV2_AWS_46"],
  },
  { aws_cloudfront_distribution: distribution },
);

const LOGS: readonly Demand[] = [
  {
    path: "retention_in_days",
    right: (value) => Number(value) > 0,
    absent: "wrong",
    message: "its logs are kept, and paid for, for ever: set `retention_in_days = 365`",
  },
];

/** SM56 */
export const awsLogs = resourceRule(
  {
    id: "SM56",
    title: "logs are kept for a named time",
    help: "Without a retention, logs are kept and paid for until somebody deletes them by hand.",
    severity: "warning",
    origins: ["CKV_AWS_66", "CKV_AWS_338"],
  },
  { aws_cloudwatch_log_group: (resource, module) => unmet(resource, module, LOGS) },
);
