import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, identifier, nested, resource } from "../blocks.ts";
import { hostOf, serversOf } from "../naming.ts";

const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";
const COMMON = "AWSManagedRulesCommonRuleSet";
const MANAGED_RULES = ["AWSManagedRulesAmazonIpReputationList", COMMON, "AWSManagedRulesKnownBadInputsRuleSet"];

/** HTTPS in front of the services; pages keep the domain itself, and services get names below it. */
export function loadBalancer(plan: Plan): HclBlock[] {
  const services = serversOf(plan);
  if (services.length === 0) return [];
  return [
    ...balancerGroup(services),
    resource(
      "aws_lb",
      "main",
      {
        name: expr("local.name"),
        load_balancer_type: "application",
        subnets: expr("aws_subnet.public[*].id"),
        security_groups: [expr("aws_security_group.balancer.id")],
        drop_invalid_header_fields: true,
        enable_deletion_protection: true,
        // A connection that stays open is silent for longer than the usual minute.
        ...(services.some(({ websocket }) => websocket) ? { idle_timeout: 3_600 } : {}),
        depends_on: [expr("aws_s3_bucket_policy.logs")],
      },
      [nested("access_logs", { bucket: expr("aws_s3_bucket.logs.id"), prefix: "load-balancer", enabled: true })],
    ),
    resource("aws_lb_listener", "http", { load_balancer_arn: expr("aws_lb.main.arn"), port: 80, protocol: "HTTP" }, [
      nested("default_action", { type: "redirect" }, [
        nested("redirect", { port: "443", protocol: "HTTPS", status_code: "HTTP_301" }),
      ]),
    ]),
    resource(
      "aws_lb_listener",
      "https",
      {
        load_balancer_arn: expr("aws_lb.main.arn"),
        port: 443,
        protocol: "HTTPS",
        ssl_policy: TLS_POLICY,
        certificate_arn: expr("aws_acm_certificate_validation.main.certificate_arn"),
      },
      [
        nested("default_action", { type: "fixed-response" }, [
          nested("fixed_response", { content_type: "text/plain", message_body: "not here", status_code: "404" }),
        ]),
      ],
    ),
    ...services.flatMap((service, index) => target(service, index, hostOf(service, plan))),
    ...certificate(services.map((service) => hostOf(service, plan))),
    ...firewall(),
  ];
}

function balancerGroup(services: readonly PlannedService[]): HclBlock[] {
  const rule = (direction: "ingress" | "egress", name: string, attributes: Parameters<typeof resource>[2]) =>
    resource(`aws_vpc_security_group_${direction}_rule`, name, {
      security_group_id: expr("aws_security_group.balancer.id"),
      ...attributes,
    });
  return [
    resource("aws_security_group", "balancer", {
      name: template("${local.name}-balancer"),
      description: "Load balancer",
      vpc_id: expr("aws_vpc.main.id"),
    }),
    ...([80, 443] as const).map((port) =>
      rule("ingress", `balancer_${port}`, {
        description: port === 80 ? "HTTP, sent on to HTTPS" : "HTTPS",
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "tcp",
        from_port: port,
        to_port: port,
      }),
    ),
    ...services.map(({ name, port }) =>
      rule("egress", `balancer_to_${identifier(name)}`, {
        description: `To ${name}`,
        referenced_security_group_id: expr(`aws_security_group.${identifier(name)}.id`),
        ip_protocol: "tcp",
        from_port: port ?? 0,
        to_port: port ?? 0,
      }),
    ),
  ];
}

function target(
  { name, port, health, readiness, drain, websocket }: PlannedService,
  index: number,
  host: string,
): HclBlock[] {
  const id = identifier(name);
  return [
    resource(
      "aws_lb_target_group",
      id,
      {
        target_type: "ip",
        vpc_id: expr("aws_vpc.main.id"),
        protocol: "HTTP",
        port: port ?? 80,
        deregistration_delay: drain,
        tags: { Name: template(`\${local.name}-${name}`) },
      },
      [
        nested("health_check", {
          path: readiness ?? health ?? "/",
          interval: 10,
          timeout: 5,
          healthy_threshold: 2,
          unhealthy_threshold: 3,
          matcher: health ? "200-299" : "200-399",
        }),
        ...(websocket
          ? [
              commented(
                "A connection that lives long stays where it is.",
                nested("stickiness", { type: "lb_cookie", enabled: true }),
              ),
            ]
          : []),
        nested("lifecycle", { create_before_destroy: true }),
      ],
    ),
    resource(
      "aws_lb_listener_rule",
      id,
      { listener_arn: expr("aws_lb_listener.https.arn"), priority: (index + 1) * 10 },
      [
        nested("condition", {}, [nested("host_header", { values: [template(host)] })]),
        nested("action", { type: "forward", target_group_arn: expr(`aws_lb_target_group.${id}.arn`) }),
      ],
    ),
    resource("aws_route53_record", id, { zone_id: expr("var.zone_id"), name: template(host), type: "A" }, [
      nested("alias", {
        name: expr("aws_lb.main.dns_name"),
        zone_id: expr("aws_lb.main.zone_id"),
        evaluate_target_health: true,
      }),
    ]),
  ];
}

function certificate(hosts: readonly string[]): HclBlock[] {
  const [first = "", ...more] = hosts;
  return [
    resource(
      "aws_acm_certificate",
      "main",
      {
        domain_name: template(first),
        ...(more.length > 0 ? { subject_alternative_names: more.map(template) } : {}),
        validation_method: "DNS",
      },
      [nested("lifecycle", { create_before_destroy: true })],
    ),
    validationRecord("main"),
    resource("aws_acm_certificate_validation", "main", {
      certificate_arn: expr("aws_acm_certificate.main.arn"),
      validation_record_fqdns: expr("[for record in aws_route53_record.main_validation : record.fqdn]"),
    }),
  ];
}

/** The records by which a certificate shows whose domain it is. */
export function validationRecord(name: string): HclBlock {
  return resource("aws_route53_record", `${name}_validation`, {
    for_each: expr(
      `{ for option in aws_acm_certificate.${name}.domain_validation_options : option.domain_name => option }`,
    ),
    zone_id: expr("var.zone_id"),
    name: expr("each.value.resource_record_name"),
    type: expr("each.value.resource_record_type"),
    records: [expr("each.value.resource_record_value")],
    ttl: 300,
    allow_overwrite: true,
  });
}

/** Uploads are larger than what that rule takes: it counts them. */
function largeBodies(): HclBlock {
  return commented(
    "Uploads are larger than the 8 KiB that this rule allows.",
    nested("rule_action_override", { name: "SizeRestrictions_BODY" }, [
      nested("action_to_use", {}, [nested("count", {})]),
    ]),
  );
}

function firewall(): HclBlock[] {
  const visible = (metric: string) =>
    nested("visibility_config", {
      cloudwatch_metrics_enabled: true,
      metric_name: metric,
      sampled_requests_enabled: true,
    });
  return [
    resource("aws_wafv2_web_acl", "main", { name: expr("local.name"), scope: "REGIONAL" }, [
      nested("default_action", {}, [nested("allow", {})]),
      ...MANAGED_RULES.map((name, index) =>
        nested("rule", { name, priority: index }, [
          nested("override_action", {}, [nested("none", {})]),
          nested("statement", {}, [
            nested(
              "managed_rule_group_statement",
              { name, vendor_name: "AWS" },
              name === COMMON ? [largeBodies()] : [],
            ),
          ]),
          visible(name),
        ]),
      ),
      visible("all"),
    ]),
    resource("aws_wafv2_web_acl_association", "main", {
      resource_arn: expr("aws_lb.main.arn"),
      web_acl_arn: expr("aws_wafv2_web_acl.main.arn"),
    }),
  ];
}
