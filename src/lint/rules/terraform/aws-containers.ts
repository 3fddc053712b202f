import { isRecord, listAt } from "../../../formats/document.ts";
import { attributeOf, blocksOf } from "../../../formats/hcl/read.ts";
import { hclValue } from "../../../formats/hcl/value.ts";
import type { Complaint } from "../../finding.ts";
import type { RuleContext } from "../../rule.ts";
import { type Module, modulesOf, type Resource } from "./module.ts";
import { resourceRule } from "./rules.ts";
import { at, isFalse, isTrue, settingOf, unmet } from "./setting.ts";

function cluster({ block, address }: Resource): Complaint[] {
  const settings = blocksOf(block.body, "setting").map(
    ({ body }) => [settingOf(body, "name"), settingOf(body, "value")] as const,
  );
  const on = settings.some(
    ([name, value]) =>
      name.kind === "unknown" ||
      (name.kind === "known" &&
        name.value === "containerInsights" &&
        (value.kind === "unknown" || (value.kind === "known" && /^(?:enabled|enhanced)$/.test(String(value.value))))),
  );
  return on
    ? []
    : [
        at(
          block,
          `${address}: nothing says what its tasks use: add \`setting { name = "containerInsights", value = "enabled" }\``,
        ),
      ];
}

function task({ block, address }: Resource): Complaint[] {
  const definitions = attributeOf(block.body, "container_definitions");
  const found: Complaint[] = [];
  for (const container of containersOf(definitions?.text)) {
    const name = String(container.name ?? "a container");
    // `undefined` is what only a run knows.
    const known = !("readonlyRootFilesystem" in container) || container.readonlyRootFilesystem !== undefined;
    if (known && container.readonlyRootFilesystem !== true)
      found.push(
        at(definitions ?? block, `${address}: ${name} can change its own files: set \`readonlyRootFilesystem = true\``),
      );
    if (container.privileged === true)
      found.push(at(definitions ?? block, `${address}: ${name} is privileged: drop it`, "error"));
  }
  const [execution, own] = ["execution_role_arn", "task_role_arn"].map((name) => attributeOf(block.body, name));
  if (execution && own && execution.text === own.text)
    found.push(
      at(
        own,
        `${address}: the application has the rights that start it (pull images, read secrets): give it a role of its own`,
      ),
    );
  return found;
}

/** The containers of a task definition, as far as they are written out. */
function containersOf(text = ""): Record<string, unknown>[] {
  const value = hclValue(text);
  if (typeof value !== "string") return listAt(value).filter(isRecord);
  try {
    const parsed: unknown = JSON.parse(value);
    return listAt(parsed).filter(isRecord);
  } catch {
    return [];
  }
}

function service(resource: Resource, module: Module): Complaint[] {
  const found = unmet(resource, module, [
    {
      path: "network_configuration.assign_public_ip",
      right: isFalse,
      absent: "right",
      message: "its tasks have public addresses: set `assign_public_ip = false` and give the subnets a way out",
    },
  ]);
  const controller = settingOf(resource.block.body, "deployment_controller.type");
  const rolling = controller.kind === "absent" || (controller.kind === "known" && controller.value === "ECS");
  const rollback = settingOf(resource.block.body, "deployment_circuit_breaker.rollback");
  if (!rolling || rollback.kind === "unknown" || (rollback.kind === "known" && isTrue(rollback.value))) return found;
  const message = `${resource.address}: a bad release is tried for ever: add \`deployment_circuit_breaker { enable = true, rollback = true }\``;
  return [...found, at(rollback.kind === "known" ? rollback.at : resource.block, message)];
}

function registry(resource: Resource, module: Module, context: RuleContext): Complaint[] {
  const everywhere = [...modulesOf(context).values()].some(({ resources }) =>
    resources.some(({ type }) => type === "aws_ecr_registry_scanning_configuration"),
  );
  return unmet(resource, module, [
    {
      path: "image_tag_mutability",
      right: (value) => /^IMMUTABLE/.test(String(value)),
      absent: "wrong",
      message: 'a tag can become another image: set `image_tag_mutability = "IMMUTABLE"`',
    },
    {
      path: "image_scanning_configuration.scan_on_push",
      right: isTrue,
      absent: "wrong",
      unless: () => everywhere,
      message: "nothing looks for known holes: add `image_scanning_configuration { scan_on_push = true }`",
    },
  ]);
}

function instance(resource: Resource, module: Module): Complaint[] {
  const off = settingOf(resource.block.body, "metadata_options.http_endpoint");
  return unmet(resource, module, [
    {
      path: "metadata_options.http_tokens",
      right: (value) => value === "required",
      absent: "wrong",
      unless: () => off.kind === "known" && off.value === "disabled",
      message:
        'any request that the machine can be talked into reads its role: add `metadata_options { http_tokens = "required" }`',
    },
  ]);
}

/** What rule SM57 asks of machines. */
export const INSTANCE_CHECKS = {
  aws_instance: instance,
  aws_launch_template: instance,
  aws_launch_configuration: instance,
};

/** SM52 */
export const awsContainers = resourceRule(
  {
    id: "SM52",
    title: "tasks of ECS are private, read-only and roll back; images stay what they are",
    help: "A release that does not start is tried for ever without a circuit breaker; a tag that can be pushed again is no version.",
    severity: "warning",
    origins: ["CKV_AWS_65", "CKV_AWS_336", "CKV_AWS_333", "CKV_AWS_249", "CKV_AWS_51", "CKV_AWS_163"],
  },
  { aws_ecs_cluster: cluster, aws_ecs_task_definition: task, aws_ecs_service: service, aws_ecr_repository: registry },
);
