import { attributeOf, blocksOf, type HclBody, readHcl } from "../../formats/hcl/read.ts";
import { identifier } from "../kinds/terraform/blocks.ts";
import { cloudNames } from "../kinds/terraform/named.ts";
import type { Plan, PlannedService } from "../plan.ts";
import type { Claim, Said } from "./claim.ts";

/** Attributes that hold the port a service listens on, in resources of that service. */
const PORTS: Record<string, readonly string[]> = {
  aws_lb_target_group: ["port"],
  aws_ecs_service: ["container_port"],
  google_cloud_run_v2_service: ["container_port"],
  azurerm_container_app: ["target_port"],
};
/** Blocks that ask a service whether it is well. */
const CHECKS = ["health_check", "http_get", "liveness_probe", "startup_probe", "readiness_probe"];

/** Ports and health paths of the resources that run or reach a service. */
export function saidByTerraform(_path: string, text: string, plan: Plan): Said {
  const named = new Map(cloudNames(plan).services.map((item, index) => [identifier(item.name), plan.services[index]]));
  const claims = blocksOf(readHcl(text), "resource").flatMap(({ labels: [type = "", name = ""], body }) => {
    const service = named.get(name);
    if (!service) return [];
    const task = type === "aws_ecs_task_definition" ? taskPorts(body, service) : [];
    const ports = PORTS[type];
    return ports ? [...task, ...readBody(body, service, ports)] : task;
  });
  return { claims, wirings: [] };
}

function readBody(body: HclBody, service: PlannedService, ports: readonly string[]): Claim[] {
  const own = ports.flatMap((name) => claimOf(body, name, "port", service));
  const inner = body.blocks.flatMap((block) => {
    const path = CHECKS.includes(block.type) ? claimOf(block.body, "path", "health", service) : [];
    return [...path, ...readBody(block.body, service, ports)];
  });
  return [...own, ...inner];
}

/** Only what is written there: a variable is decided elsewhere. */
function claimOf(body: HclBody, name: string, field: Claim["field"], { name: service }: PlannedService): Claim[] {
  const attribute = attributeOf(body, name);
  const value = /^"([^"$]*)"$|^(\d+)$/.exec(attribute?.text.trim() ?? "");
  const found = value?.[1] ?? value?.[2];
  return attribute && found !== undefined ? [{ service, field, value: found, line: attribute.line }] : [];
}

function taskPorts(body: HclBody, { name }: PlannedService): Claim[] {
  const definitions = attributeOf(body, "container_definitions");
  const port = /containerPort\s*=\s*(\d+)/.exec(definitions?.text ?? "")?.[1];
  return definitions && port !== undefined
    ? [{ service: name, field: "port", value: port, line: definitions.line }]
    : [];
}
