import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, data, identifier, nested, resource } from "../blocks.ts";
import { repositoryOf } from "../inputs.ts";
import { containersOf, pagesOf } from "../naming.ts";
import { workloadsOf } from "../workloads.ts";
import { pageId } from "./pages.ts";

const ISSUER = "token.actions.githubusercontent.com";

/** The role of the pipeline: only jobs of this repository in the environment of the same name take it, and it does no more than deploy. */
export function deployRole(plan: Plan): HclBlock[] {
  if (plan.ci !== "github-actions") return [];
  const run = containersOf(plan);
  return [
    ...provider(),
    data("aws_iam_policy_document", "deploy_trust", {}, [
      nested("statement", { actions: ["sts:AssumeRoleWithWebIdentity"] }, [
        nested("principals", { type: "Federated", identifiers: [expr("local.github_arn")] }),
        nested("condition", { test: "StringEquals", variable: `${ISSUER}:aud`, values: ["sts.amazonaws.com"] }),
        nested("condition", {
          test: "StringEquals",
          variable: `${ISSUER}:sub`,
          values: [template(`repo:${repositoryOf(plan)}:environment:\${var.environment}`)],
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
      ...pagesOf(plan).map(pageId).flatMap(pageRights),
    ]),
    resource("aws_iam_role_policy", "deploy", {
      role: expr("aws_iam_role.deploy.id"),
      policy: expr("data.aws_iam_policy_document.deploy.json"),
    }),
  ];
}

/** An account knows GitHub once: the first environment in it says so, others look it up. */
function provider(): HclBlock[] {
  const url = `https://${ISSUER}`;
  return [
    resource("aws_iam_openid_connect_provider", "github", {
      count: expr("var.create_github_provider ? 1 : 0"),
      url,
      client_id_list: ["sts.amazonaws.com"],
    }),
    data("aws_iam_openid_connect_provider", "github", {
      count: expr("var.create_github_provider ? 0 : 1"),
      url,
    }),
    {
      block: "locals",
      body: [
        {
          attribute: "github_arn",
          value: expr(
            "one(concat(aws_iam_openid_connect_provider.github[*].arn, data.aws_iam_openid_connect_provider.github[*].arn))",
          ),
        },
      ],
    },
  ];
}

function containerRights(run: readonly PlannedService[]): HclBlock[] {
  const ids = run.map(({ name }) => identifier(name));
  const workloads = run.flatMap(workloadsOf);
  const always = workloads.filter(({ kind }) => kind === "server" || kind === "worker");
  const tasks = workloads.filter(({ kind }) => kind === "task");
  const statement = (actions: string[], resources: readonly HclValue[]) => nested("statement", { actions, resources });
  return [
    commented(
      "These know no resource.",
      statement(["ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"], ["*"]),
    ),
    statement(
      [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      ids.map((id) => expr(`aws_ecr_repository.${id}.arn`)),
    ),
    ...(always.length > 0
      ? [
          statement(
            ["ecs:DescribeServices", "ecs:UpdateService"],
            always.map(({ id }) => expr(`aws_ecs_service.${id}.id`)),
          ),
        ]
      : []),
    ...(tasks.length > 0
      ? [
          statement(
            ["ecs:RunTask"],
            tasks.map(({ id }) => template(`\${aws_ecs_task_definition.${id}.arn_without_revision}:*`)),
          ),
          statement(
            ["ecs:DescribeTasks"],
            [template("arn:aws:ecs:${var.region}:${data.aws_caller_identity.current.account_id}:task/${local.name}/*")],
          ),
        ]
      : []),
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
