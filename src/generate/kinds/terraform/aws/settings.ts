import { block, expr, type HclBlock } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, nested } from "../blocks.ts";
import { pagesOf, projectSlug } from "../naming.ts";
import { isDatabase } from "./stores.ts";

/** Versions, the backend of the state, and the provider with the tags of everything. */
export function settings(plan: Plan): HclBlock[] {
  const project = projectSlug(plan);
  const tags = {
    default_tags: nested("default_tags", {
      tags: { environment: expr("var.environment"), "managed-by": "terraform", project },
    }),
  };
  const provider = block("provider", ["aws"], { region: expr("var.region") }, [tags.default_tags]);
  return [
    {
      block: "terraform",
      body: [
        { attribute: "required_version", value: ">= 1.11.0, < 2.0.0" },
        nested("required_providers", {
          aws: { source: "hashicorp/aws", version: "~> 6.0" },
          ...(plan.stores.some(isDatabase) ? { random: { source: "hashicorp/random", version: "~> 3.7" } } : {}),
        }),
        commented(
          "Bucket, key and region are given at init: the bucket exists before everything else, and each environment has its key.",
          block("backend", ["s3"], { encrypt: true, use_lockfile: true }),
        ),
      ],
    },
    provider,
    ...(pagesOf(plan).length > 0
      ? [
          commented(
            "Certificates of CloudFront are kept there.",
            block("provider", ["aws"], { alias: "global", region: "us-east-1" }, [tags.default_tags]),
          ),
        ]
      : []),
  ];
}
