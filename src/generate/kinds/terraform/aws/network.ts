import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, data, nested, resource } from "../blocks.ts";
import { containersOf } from "../naming.ts";

const STORES = ["postgres", "mysql", "mariadb", "redis"];

/** Pages alone need no network of their own. */
export function needsNetwork(plan: Plan): boolean {
  return containersOf(plan).length > 0 || hasStores(plan);
}

function hasStores({ stores }: Plan): boolean {
  return stores.some(({ kind }) => STORES.includes(kind));
}

/** VPC over the zones of the region: three kinds of subnets, flow logs, nothing open by default. */
export function network(plan: Plan): HclBlock[] {
  if (!needsNetwork(plan)) return [];
  const run = containersOf(plan).length > 0;
  const named = (suffix: string) => ({ Name: template(`\${local.name}-${suffix}`) });
  const subnet = (name: string, offset: number, open: boolean) =>
    resource("aws_subnet", name, {
      count: expr("length(local.zones)"),
      vpc_id: expr("aws_vpc.main.id"),
      availability_zone: expr("local.zones[count.index]"),
      cidr_block: expr(`cidrsubnet(var.vpc_cidr, 4, count.index${offset > 0 ? ` + ${offset}` : ""})`),
      map_public_ip_on_launch: false,
      tags: { Name: template(`\${local.name}-${name}-\${count.index}`), tier: open ? "public" : name },
    });
  const route = (name: string, count: string, target: Record<string, ReturnType<typeof expr>>) =>
    resource(
      "aws_route_table",
      name,
      { ...(count ? { count: expr(count) } : {}), vpc_id: expr("aws_vpc.main.id"), tags: named(name) },
      [nested("route", { cidr_block: "0.0.0.0/0", ...target })],
    );
  const associate = (name: string, table: string) =>
    resource("aws_route_table_association", name, {
      count: expr("length(local.zones)"),
      subnet_id: expr(`aws_subnet.${name}[count.index].id`),
      route_table_id: expr(table),
    });
  return [
    resource("aws_vpc", "main", {
      cidr_block: expr("var.vpc_cidr"),
      enable_dns_hostnames: true,
      enable_dns_support: true,
      tags: named("vpc"),
    }),
    commented(
      "Whatever is put into the default group by mistake reaches nothing.",
      resource("aws_default_security_group", "closed", { vpc_id: expr("aws_vpc.main.id") }),
    ),
    ...(run ? [subnet("public", 0, true), subnet("private", 4, false)] : []),
    ...(hasStores(plan)
      ? [
          subnet("data", 8, false),
          commented(
            "Stores have no way out.",
            resource("aws_route_table", "data", { vpc_id: expr("aws_vpc.main.id"), tags: named("data") }),
          ),
          associate("data", "aws_route_table.data.id"),
        ]
      : []),
    ...(run
      ? [
          resource("aws_internet_gateway", "main", { vpc_id: expr("aws_vpc.main.id"), tags: named("internet") }),
          route("public", "", { gateway_id: expr("aws_internet_gateway.main.id") }),
          associate("public", "aws_route_table.public.id"),
          commented(
            "One way out for all zones, or one for each: a zone that fails then takes no other with it.",
            resource("aws_eip", "nat", {
              count: expr("var.nat_per_zone ? length(local.zones) : 1"),
              domain: "vpc",
              tags: named("nat"),
            }),
          ),
          resource("aws_nat_gateway", "main", {
            count: expr("length(aws_eip.nat)"),
            allocation_id: expr("aws_eip.nat[count.index].id"),
            subnet_id: expr("aws_subnet.public[count.index].id"),
            tags: named("nat"),
            depends_on: [expr("aws_internet_gateway.main")],
          }),
          route("private", "length(local.zones)", {
            nat_gateway_id: expr("aws_nat_gateway.main[var.nat_per_zone ? count.index : 0].id"),
          }),
          associate("private", "aws_route_table.private[count.index].id"),
          commented(
            "Layers of images come from S3: they need not pass the gateway.",
            resource("aws_vpc_endpoint", "s3", {
              vpc_id: expr("aws_vpc.main.id"),
              vpc_endpoint_type: "Gateway",
              service_name: template("com.amazonaws.${var.region}.s3"),
              route_table_ids: expr("aws_route_table.private[*].id"),
              tags: named("s3"),
            }),
          ),
        ]
      : []),
    ...flowLogs(),
  ];
}

function flowLogs(): HclBlock[] {
  return [
    resource("aws_flow_log", "main", {
      vpc_id: expr("aws_vpc.main.id"),
      traffic_type: "ALL",
      log_destination: expr("aws_cloudwatch_log_group.flow.arn"),
      iam_role_arn: expr("aws_iam_role.flow.arn"),
    }),
    resource("aws_cloudwatch_log_group", "flow", {
      name: template("/vpc/${local.name}/flow"),
      retention_in_days: expr("var.log_days"),
    }),
    resource("aws_iam_role", "flow", {
      name: template("${local.name}-flow-logs"),
      assume_role_policy: expr("data.aws_iam_policy_document.flow_trust.json"),
    }),
    resource("aws_iam_role_policy", "flow", {
      role: expr("aws_iam_role.flow.id"),
      policy: expr("data.aws_iam_policy_document.flow.json"),
    }),
    data("aws_iam_policy_document", "flow_trust", {}, [
      nested("statement", { actions: ["sts:AssumeRole"] }, [
        nested("principals", { type: "Service", identifiers: ["vpc-flow-logs.amazonaws.com"] }),
        nested("condition", {
          test: "StringEquals",
          variable: "aws:SourceAccount",
          values: [expr("data.aws_caller_identity.current.account_id")],
        }),
      ]),
    ]),
    data("aws_iam_policy_document", "flow", {}, [
      nested("statement", {
        actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        resources: [template("${aws_cloudwatch_log_group.flow.arn}:*")],
      }),
    ]),
  ];
}
