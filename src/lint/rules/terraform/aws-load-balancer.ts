import { blocksOf } from "../../../formats/hcl/read.ts";
import type { Complaint } from "../../finding.ts";
import type { RuleContext } from "../../rule.ts";
import { lacks } from "./companion.ts";
import type { Module, Resource } from "./module.ts";
import { resourceRule } from "./rules.ts";
import { at, type Demand, isTrue, settingOf, unmet } from "./setting.ts";

const BALANCER: readonly Demand[] = [
  {
    path: "drop_invalid_header_fields",
    right: isTrue,
    absent: "wrong",
    message: "broken headers reach the application: set `drop_invalid_header_fields = true`",
  },
  {
    path: "access_logs.enabled",
    right: isTrue,
    absent: "wrong",
    message: "it keeps no access log: add `access_logs { bucket = …, enabled = true }`",
  },
  {
    path: "enable_deletion_protection",
    right: isTrue,
    absent: "wrong",
    message: "one apply can delete it: set `enable_deletion_protection = true`",
  },
];

function balancer(resource: Resource, module: Module, context: RuleContext): Complaint[] {
  const type = settingOf(resource.block.body, "load_balancer_type");
  if (type.kind === "unknown" || (type.kind === "known" && type.value !== "application")) return [];
  const internal = settingOf(resource.block.body, "internal");
  const open = internal.kind === "absent" || (internal.kind === "known" && !isTrue(internal.value));
  const unguarded =
    open && lacks(resource, module, ["aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association"], context);
  const message = `${resource.address}: nothing filters what comes from the internet: add an \`aws_wafv2_web_acl_association\``;
  return [...unmet(resource, module, BALANCER), ...(unguarded ? [at(resource.block, message)] : [])];
}

/** Policies that take TLS 1.2 or newer only. */
const MODERN = /TLS-?1-[23]|TLS13-1-[23]|FS-1-2/;

function listener(resource: Resource): Complaint[] {
  const { block, address } = resource;
  const protocol = settingOf(block.body, "protocol");
  if (protocol.kind !== "known") return [];
  if (protocol.value === "HTTP") {
    const actions = blocksOf(block.body, "default_action").map((action) => settingOf(action.body, "type"));
    if (actions.some((type) => type.kind !== "known" || type.value === "redirect")) return [];
    return [at(protocol.at, `${address}: requests come in unencrypted: redirect to an HTTPS listener`)];
  }
  if (protocol.value !== "HTTPS" && protocol.value !== "TLS") return [];
  const policy = settingOf(block.body, "ssl_policy");
  if (policy.kind === "unknown" || (policy.kind === "known" && MODERN.test(String(policy.value)))) return [];
  const message = `${address}: it takes TLS 1.0: set \`ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"\``;
  return [at(policy.kind === "known" ? policy.at : block, message)];
}

/** SM51 */
export const awsLoadBalancer = resourceRule(
  {
    id: "SM51",
    title: "load balancers speak TLS 1.2, keep logs, drop broken headers and are guarded",
    help: "A load balancer of AWS takes TLS 1.0, hands on broken headers and keeps no log unless it is told otherwise.",
    severity: "warning",
    origins: ["CKV_AWS_2", "CKV_AWS_91", "CKV_AWS_103", "CKV_AWS_131", "CKV_AWS_150", "CKV2_AWS_28"],
  },
  { aws_lb: balancer, aws_alb: balancer, aws_lb_listener: listener, aws_alb_listener: listener },
);
