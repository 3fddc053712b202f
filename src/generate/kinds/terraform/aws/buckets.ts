import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { data, nested, resource } from "../blocks.ts";
import { pagesOf, serversOf } from "../naming.ts";

/** A private bucket with all that belongs to one; `days` end what is in it. */
export function bucket(
  id: string,
  suffix: string,
  { days, versions = true }: { days?: number; versions?: boolean } = {},
): HclBlock[] {
  const of = { bucket: expr(`aws_s3_bucket.${id}.id`) };
  return [
    resource("aws_s3_bucket", id, {
      bucket: template(`\${local.name}-${suffix}-\${data.aws_caller_identity.current.account_id}`),
    }),
    resource("aws_s3_bucket_public_access_block", id, {
      ...of,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    }),
    resource("aws_s3_bucket_server_side_encryption_configuration", id, of, [
      nested("rule", {}, [nested("apply_server_side_encryption_by_default", { sse_algorithm: "AES256" })]),
    ]),
    resource("aws_s3_bucket_versioning", id, of, [
      nested("versioning_configuration", { status: versions ? "Enabled" : "Suspended" }),
    ]),
    resource("aws_s3_bucket_lifecycle_configuration", id, of, [
      nested("rule", { id: "tidy", status: "Enabled" }, [
        nested("filter", {}),
        nested("abort_incomplete_multipart_upload", { days_after_initiation: 7 }),
        nested("noncurrent_version_expiration", { noncurrent_days: 30 }),
        ...(days === undefined ? [] : [nested("expiration", { days })]),
      ]),
    ]),
  ];
}

/** Logs of requests, and files of the application where it keeps some. */
export function buckets(plan: Plan): HclBlock[] {
  const [balanced, pages] = [serversOf(plan).length > 0, pagesOf(plan).length > 0];
  return [
    ...(balanced || pages ? [...bucket("logs", "logs", { days: 90 }), ...logPolicy(balanced)] : []),
    ...(pages ? [ownership()] : []),
    ...(plan.stores.some(({ kind }) => kind === "s3") ? [...bucket("files", "files"), ...encryptedOnly("files")] : []),
  ];
}

/** CloudFront writes its logs by an ACL, which buckets refuse unless told otherwise. */
function ownership(): HclBlock {
  return resource("aws_s3_bucket_ownership_controls", "logs", { bucket: expr("aws_s3_bucket.logs.id") }, [
    nested("rule", { object_ownership: "BucketOwnerPreferred" }),
  ]);
}

/** Load balancers of this account alone write their logs here, and nobody comes without TLS. */
function logPolicy(balanced: boolean): HclBlock[] {
  const writer = nested(
    "statement",
    {
      actions: ["s3:PutObject"],
      resources: [
        template("${aws_s3_bucket.logs.arn}/load-balancer/AWSLogs/${data.aws_caller_identity.current.account_id}/*"),
      ],
    },
    [nested("principals", { type: "Service", identifiers: ["logdelivery.elasticloadbalancing.amazonaws.com"] })],
  );
  return encryptedOnly("logs", balanced ? [writer] : []);
}

function encryptedOnly(id: string, more: readonly HclBlock[] = []): HclBlock[] {
  return [
    data("aws_iam_policy_document", id, {}, [...more, tlsOnly(id)]),
    resource("aws_s3_bucket_policy", id, {
      bucket: expr(`aws_s3_bucket.${id}.id`),
      policy: expr(`data.aws_iam_policy_document.${id}.json`),
    }),
  ];
}

/** The statement that refuses requests without TLS. */
export function tlsOnly(id: string): HclBlock {
  return nested(
    "statement",
    {
      effect: "Deny",
      actions: ["s3:*"],
      resources: [expr(`aws_s3_bucket.${id}.arn`), template(`\${aws_s3_bucket.${id}.arn}/*`)],
    },
    [
      nested("principals", { type: "*", identifiers: ["*"] }),
      nested("condition", { test: "Bool", variable: "aws:SecureTransport", values: ["false"] }),
    ],
  );
}
