import { block, expr, type HclBlock } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, nested } from "../blocks.ts";

/** Versions, the backend of the state, and the provider with the tags of everything. */
export function settings({ project, services }: Plan): HclBlock[] {
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
          random: { source: "hashicorp/random", version: "~> 3.7" },
        }),
        commented(
          "Bucket and region are given at init: they exist before everything else.",
          block("backend", ["s3"], { encrypt: true, key: `${project}/terraform.tfstate`, use_lockfile: true }),
        ),
      ],
    },
    provider,
    ...(services.some(({ role }) => role === "static")
      ? [
          commented(
            "Certificates of CloudFront are kept there.",
            block("provider", ["aws"], { alias: "global", region: "us-east-1" }, [tags.default_tags]),
          ),
        ]
      : []),
  ];
}
