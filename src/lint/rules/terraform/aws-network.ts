import type { Place } from "../../../formats/document.ts";
import { blocksOf, type HclBody } from "../../../formats/hcl/read.ts";
import type { Complaint } from "../../finding.ts";
import type { RuleContext } from "../../rule.ts";
import { isUsed, lacks } from "./companion.ts";
import type { Module, Resource } from "./module.ts";
import { resourceRule } from "./rules.ts";
import { at, has, settingOf } from "./setting.ts";

function vpc(resource: Resource, module: Module, context: RuleContext): Complaint[] {
  const { block, address } = resource;
  const found: Complaint[] = [];
  if (lacks(resource, module, ["aws_flow_log"], context))
    found.push(at(block, `${address}: nobody can tell later who spoke to whom: add an \`aws_flow_log\``));
  if (lacks(resource, module, ["aws_default_security_group"], context))
    found.push(
      at(
        block,
        `${address}: its default group lets members speak to each other and out: add an empty \`aws_default_security_group\``,
      ),
    );
  return found;
}

function defaultGroup({ block, address }: Resource): Complaint[] {
  return ["ingress", "egress"].flatMap((direction) =>
    blocksOf(block.body, direction).map((rule) =>
      at(rule, `${address}: the default group is for nobody: remove its ${direction} rules`),
    ),
  );
}

const RULE_TYPES = [
  "aws_security_group_rule",
  "aws_vpc_security_group_ingress_rule",
  "aws_vpc_security_group_egress_rule",
];

function group(resource: Resource, module: Module): Complaint[] {
  const { block, address } = resource;
  const rules = blocksOf(block.body, "ingress").flatMap((rule) => ofIngress(address, rule.body, rule));
  const unused = !isUsed(resource, module, RULE_TYPES) && !isExported(resource, module) && module.complete;
  return unused ? [...rules, at(block, `${address}: nothing uses the group: attach or remove it`, "note")] : rules;
}

function isExported({ address }: Resource, module: Module): boolean {
  return module.blocks("output").some(({ file, block }) => file.text.slice(block.start, block.end).includes(address));
}

function rule(resource: Resource): Complaint[] {
  const { block, address } = resource;
  const type = settingOf(block.body, "type");
  if (resource.type === "aws_security_group_rule" && (type.kind !== "known" || type.value !== "ingress")) return [];
  return ofIngress(address, block.body, block);
}

const WORLD = new Set(["0.0.0.0/0", "::/0"]);
const WEB = new Set([80, 443]);
/** Ports behind which are shells, desktops and databases. */
const NEVER = [22, 23, 445, 1433, 1521, 2375, 2379, 3306, 3389, 5432, 5601, 5984, 6379, 6443, 9200, 11211, 27017];

function ofIngress(address: string, body: HclBody, place: Place): Complaint[] {
  const sources = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"].flatMap((name) => {
    const setting = settingOf(body, name);
    return setting.kind === "known" ? [setting.value].flat() : [];
  });
  if (!sources.some((source) => WORLD.has(String(source)))) return [];
  const protocol = settingOf(body, "protocol");
  const other = settingOf(body, "ip_protocol");
  const given = [protocol, other].flatMap((setting) =>
    setting.kind === "known" ? [String(setting.value).toLowerCase()] : [],
  );
  if (given.some((name) => /^(?:icmp|icmpv6|1|58)$/.test(name))) return [];
  const [from, to] = ["from_port", "to_port"].map((name) => settingOf(body, name));
  const all = given.some((name) => name === "-1" || name === "all");
  if (!all && (from?.kind !== "known" || to?.kind !== "known")) return [];
  const low = all ? 0 : Number(from?.kind === "known" ? from.value : 0);
  const high = all ? 65_535 : Number(to?.kind === "known" ? to.value : 0);
  if (low === high && WEB.has(low)) return [];
  const what = all ? "every port is" : low === high ? `port ${low} is` : `ports ${low} to ${high} are`;
  const grave = NEVER.some((port) => low <= port && port <= high);
  return [
    at(
      place,
      `${address}: ${what} open to the internet: name the groups or networks that need it`,
      grave ? "error" : "warning",
    ),
  ];
}

function subnet(resource: Resource): Complaint[] {
  const setting = settingOf(resource.block.body, "map_public_ip_on_launch");
  // A public subnet says so by its name.
  const meant = /public|dmz|ingress|web|edge/i.test(resource.name) || !has(resource, "map_public_ip_on_launch");
  if (meant || setting.kind !== "known" || setting.value !== true) return [];
  return [
    at(
      setting.at,
      `${resource.address}: whatever starts here has a public address: set \`map_public_ip_on_launch = false\``,
      "note",
    ),
  ];
}

/** SM53 */
export const awsNetwork = resourceRule(
  {
    id: "SM53",
    title: "networks keep flow logs, and only 80 and 443 are open to everybody",
    help: "What is open to every address is tried by somebody within minutes; without flow logs nobody can say later who came in.",
    severity: "warning",
    cis: "aws 5.2",
    origins: ["CKV2_AWS_11", "CKV2_AWS_12", "CKV2_AWS_5", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_130"],
  },
  {
    aws_vpc: vpc,
    aws_subnet: subnet,
    aws_default_security_group: defaultGroup,
    aws_security_group: group,
    aws_security_group_rule: rule,
    aws_vpc_security_group_ingress_rule: rule,
  },
);
