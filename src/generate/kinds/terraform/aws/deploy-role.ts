import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, data, identifier, nested, resource } from "../blocks.ts";
import { containersOf, pagesOf } from "../naming.ts";
import { type Trust, trustOf } from "../trust.ts";
import { workloadsOf } from "../workloads.ts";
import { pageId } from "./pages.ts";
import { passRole } from "./pass-role.ts";

/** The role of the pipeline: only jobs of this repository take it, and it does no more than deploy. */
export function deployRole(plan: Plan): HclBlock[] {
  const run = containersOf(plan);
  const trust = trustOf(plan);
  return [
    ...provider(trust),
    data("aws_iam_policy_document", "deploy_trust", {}, [
      nested("statement", { actions: ["sts:AssumeRoleWithWebIdentity"] }, [
        nested("principals", { type: "Federated", identifiers: [expr(`local.${trust.id}_arn`)] }),
        nested("condition", {
          test: "StringEquals",
          variable: template(`${trust.host}:aud`),
          values: ["sts.amazonaws.com"],
        }),
        nested("condition", {
          test: "StringEquals",
          variable: template(`${trust.host}:sub`),
          values: [template(trust.subject)],
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

/** An account knows an issuer once: the first environment in it says so, others look it up. */
function provider({ id, issuer, host }: Trust): HclBlock[] {
  const url = template(issuer);
  const type = "aws_iam_openid_connect_provider";
  return [
    resource(type, id, {
      count: expr(`var.create_${id}_provider ? 1 : 0`),
      url,
      client_id_list: ["sts.amazonaws.com"],
    }),
    data(type, id, { count: expr(`var.create_${id}_provider ? 0 : 1`), url }),
    {
      block: "locals",
      body: [
        { attribute: `${id}_arn`, value: expr(`one(concat(${type}.${id}[*].arn, data.${type}.${id}[*].arn))`) },
        ...(host.includes("local.issuer_host")
          ? [{ attribute: "issuer_host", value: expr('replace(var.pipeline_issuer, "https://", "")') }]
          : []),
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
    passRole(ids),
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
