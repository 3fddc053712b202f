import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, data, identifier, nested, resource } from "../blocks.ts";
import { servedBy } from "./service.ts";

/** The role of the pipeline: only jobs of this repository in the environment of the same name take it, and it does no more than deploy. */
export function deployRole(plan: Plan): HclBlock[] {
  const repository = plan.repository ?? "${var.repository}";
  const run = plan.services.filter(servedBy).map(({ name }) => identifier(name));
  const stored = plan.services.filter(({ role }) => role === "static").map(({ name }) => identifier(name));
  return [
    commented(
      "GitHub is known once per account.",
      data("aws_iam_openid_connect_provider", "github", { url: "https://token.actions.githubusercontent.com" }),
    ),
    data("aws_iam_policy_document", "deploy_trust", {}, [
      nested("statement", { actions: ["sts:AssumeRoleWithWebIdentity"] }, [
        nested("principals", {
          type: "Federated",
          identifiers: [expr("data.aws_iam_openid_connect_provider.github.arn")],
        }),
        nested("condition", {
          test: "StringEquals",
          variable: "token.actions.githubusercontent.com:aud",
          values: ["sts.amazonaws.com"],
        }),
        nested("condition", {
          test: "StringEquals",
          variable: "token.actions.githubusercontent.com:sub",
          values: [template(`repo:${repository}:environment:\${var.environment}`)],
        }),
      ]),
    ]),
    resource("aws_iam_role", "deploy", {
      name: template("${local.name}-deploy"),
      assume_role_policy: expr("data.aws_iam_policy_document.deploy_trust.json"),
      max_session_duration: 3_600,
    }),
    data("aws_iam_policy_document", "deploy", {}, [
      ...(run.length > 0 ? containerRights(run) : []),
      ...stored.flatMap(pageRights),
    ]),
    resource("aws_iam_role_policy", "deploy", {
      role: expr("aws_iam_role.deploy.id"),
      policy: expr("data.aws_iam_policy_document.deploy.json"),
    }),
  ];
}

function containerRights(ids: readonly string[]) {
  const statement = (actions: string[], resources: readonly HclValue[]) => nested("statement", { actions, resources });
  return [
    // These know no resource.
    statement(["ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"], ["*"]),
    statement(
      [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      ids.map((id) => expr(`aws_ecr_repository.${id}.arn`)),
    ),
    statement(
      ["ecs:DescribeServices", "ecs:UpdateService"],
      ids.map((id) => expr(`aws_ecs_service.${id}.id`)),
    ),
    statement(
      ["iam:PassRole"],
      ids.flatMap((id) => [expr(`aws_iam_role.${id}_start.arn`), expr(`aws_iam_role.${id}_task.arn`)]),
    ),
  ];
}

function pageRights(id: string) {
  return [
    nested("statement", {
      actions: ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"],
      resources: [expr(`aws_s3_bucket.${id}.arn`), template(`\${aws_s3_bucket.${id}.arn}/*`)],
    }),
    nested("statement", {
      actions: ["cloudfront:CreateInvalidation"],
      resources: [expr(`aws_cloudfront_distribution.${id}.arn`)],
    }),
  ];
}
