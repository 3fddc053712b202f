import type { Complaint } from "../../finding.ts";
import { INSTANCE_CHECKS } from "./aws-containers.ts";
import { type Module, type Resource, refersTo, textOf } from "./module.ts";
import { moduleRule } from "./rules.ts";
import { at } from "./setting.ts";
import { type Statement, statementsOf } from "./statements.ts";

const POLICIES = new Set([
  "aws_iam_policy_document",
  "aws_iam_policy",
  "aws_iam_role_policy",
  "aws_iam_user_policy",
  "aws_iam_group_policy",
  "aws_iam_role",
]);

/** SM57 */
export const awsIdentity = moduleRule(
  {
    id: "SM57",
    title: "roles can do what they have to, and only the repository's own jobs can take them",
    help: "A role that everything on GitHub may take is public; `*` hands over what the next feature of AWS will be able to do as well.",
    severity: "warning",
    cis: "aws 1.16",
    origins: ["CKV_AWS_1", "CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_355", "CKV_AWS_358", "CKV_AWS_79"],
  },
  (file, module) => {
    const own = [...module.resources, ...module.data].filter((part) => part.file === file);
    const machines: Readonly<Record<string, (resource: Resource, module: Module) => Complaint[]>> = INSTANCE_CHECKS;
    return [
      ...own.flatMap((resource) =>
        Object.hasOwn(machines, resource.type) ? (machines[resource.type]?.(resource, module) ?? []) : [],
      ),
      ...own
        .filter(({ type }) => POLICIES.has(type))
        .flatMap((resource) =>
          statementsOf(resource)
            .filter(({ allows }) => allows)
            .flatMap((statement) => [...rights(resource, statement, module), ...trust(resource, statement)]),
        ),
    ];
  },
);

/** Actions that can be bound to single resources, so that `*` is more than they need. */
const RESTRICTABLE =
  /^(?:\*|s3:(?:\*|Get\*|Put\*|Delete\*|List\*|(?:Get|Put|Delete)Object\w*|ListBucket)|dynamodb:(?:\*|\w*(?:Item|Query|Scan)\w*)|secretsmanager:(?:\*|GetSecretValue|PutSecretValue)|ssm:(?:\*|GetParameter\w*|PutParameter)|kms:(?:\*|Decrypt|Encrypt|GenerateDataKey\*?)|sqs:(?:\*|(?:Send|Receive|Delete)Message)|sns:(?:\*|Publish)|lambda:(?:\*|InvokeFunction|UpdateFunctionCode)|iam:(?:\*|PassRole|CreateRole|AttachRolePolicy|PutRolePolicy)|sts:AssumeRole|ecs:(?:UpdateService|RunTask)|rds:\*|ec2:\*)$/i;

function rights(
  resource: Resource,
  { actions, resources, hasPrincipals, place, open, conditions }: Statement,
  module: Module,
): Complaint[] {
  // In the policy of a key or a bucket, `*` is the key or bucket itself.
  if (hasPrincipals || isOfResource(resource, module) || !resources.includes("*")) return [];
  if (actions.includes("*") || actions.includes("*:*"))
    return [at(place, `${resource.address}: it may do everything: name the actions and resources`, "error")];
  if (open || conditions.length > 0) return [];
  const wide = actions.filter((action) => RESTRICTABLE.test(action));
  if (wide.length === 0) return [];
  return [
    at(
      place,
      `${resource.address}: ${wide.slice(0, 3).join(", ")} on every resource of the account: name those it needs`,
    ),
  ];
}

/** Whether a policy document is that of a key, bucket or queue. */
function isOfResource({ address, type }: Resource, module: Module): boolean {
  return (
    type === "aws_iam_policy_document" &&
    module.resources.some(
      (other) =>
        /^aws_(?:kms_key|kms_key_policy|s3_bucket_policy|sqs_queue_policy|sns_topic_policy|ecr_repository_policy|secretsmanager_secret_policy|vpc_endpoint)$/.test(
          other.type,
        ) && refersTo(textOf(other), address),
    )
  );
}

/** What a subject ends with that no branch or environment binds. */
const ANY_BRANCH = /^(?:\*|pull_request|ref:\*|ref:refs\/(?:heads|tags)?\/?\*.*)$/;
const GITHUB = "token.actions.githubusercontent.com";

/** Who on GitHub may take a role. */
function trust({ address }: Resource, { text, conditions, place, hasPrincipals }: Statement): Complaint[] {
  const federated =
    /Federated/.test(text) && (text.includes(GITHUB) || /openid_connect_provider\.\w*github/i.test(text));
  if (!hasPrincipals || !federated) return [];
  const subjects = conditions.filter(({ variable }) => variable.endsWith(":sub"));
  if (subjects.length === 0)
    return [
      at(
        place,
        `${address}: every repository on GitHub can take this role: add a condition on \`${GITHUB}:sub\``,
        "error",
      ),
    ];
  return subjects.flatMap(({ values }) =>
    values.flatMap((value) => {
      const [repository = "", ...rest] = value.replace(/^repo:/, "").split(":");
      const scope = rest.join(":");
      if (value === "*" || /^\*|\/\*$/.test(repository))
        return [at(place, `${address}: "${value}" lets every repository there take this role: name one`, "error")];
      if (!value.startsWith("repo:") || !ANY_BRANCH.test(scope)) return [];
      return [
        at(place, `${address}: "${value}" lets any branch take this role: end it with \`:environment:production\``),
      ];
    }),
  );
}
