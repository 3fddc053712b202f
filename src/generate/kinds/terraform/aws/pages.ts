import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, data, identifier, nested, resource } from "../blocks.ts";
import { fitted, hostOf, pagesOf } from "../naming.ts";
import { bucket, tlsOnly } from "./buckets.ts";
import { validationRecord } from "./load-balancer.ts";

/** Pages in a private bucket that only CloudFront reads, one distribution for each service with pages. */
export function pages(plan: Plan): HclBlock[] {
  const found = pagesOf(plan);
  if (found.length === 0) return [];
  return [
    data("aws_cloudfront_cache_policy", "optimized", { name: "Managed-CachingOptimized" }),
    data("aws_cloudfront_response_headers_policy", "security", { name: "Managed-SecurityHeadersPolicy" }),
    ...(found.some(({ spa }) => !spa) ? [folders()] : []),
    ...found.flatMap((service) => distribution(service, hostOf(service, plan))),
  ];
}

/** The name of a service's pages among the resources. */
export function pageId({ name }: PlannedService): string {
  return `${identifier(name)}_pages`;
}

/** S3 knows no index of folders: the path of a page becomes that of its file. */
function folders(): HclBlock {
  const code = [
    "<<-EOT",
    "    function handler(event) {",
    "      var request = event.request;",
    '      var last = request.uri.substring(request.uri.lastIndexOf("/") + 1);',
    '      if (last === "") request.uri += "index.html";',
    '      else if (last.indexOf(".") === -1) request.uri += "/index.html";',
    "      return request;",
    "    }",
    "  EOT",
  ].join("\n");
  return resource("aws_cloudfront_function", "folders", {
    name: template("${local.name}-folders"),
    runtime: "cloudfront-js-2.0",
    comment: "The index of a folder",
    publish: true,
    code: expr(code),
  });
}

function distribution(service: PlannedService, host: string): HclBlock[] {
  const id = pageId(service);
  const missing = (code: number, status: number, path: string) =>
    nested("custom_error_response", {
      error_code: code,
      response_code: status,
      response_page_path: path,
      error_caching_min_ttl: 10,
    });
  return [
    ...bucket(id, fitted(service.name, 18)),
    resource("aws_cloudfront_origin_access_control", id, {
      name: template(`\${local.name}-${service.name}`),
      origin_access_control_origin_type: "s3",
      signing_behavior: "always",
      signing_protocol: "sigv4",
    }),
    resource(
      "aws_cloudfront_distribution",
      id,
      {
        enabled: true,
        is_ipv6_enabled: true,
        http_version: "http2and3",
        default_root_object: "index.html",
        price_class: "PriceClass_100",
        aliases: [template(host)],
        depends_on: [expr("aws_s3_bucket_ownership_controls.logs")],
      },
      [
        nested("origin", {
          domain_name: expr(`aws_s3_bucket.${id}.bucket_regional_domain_name`),
          origin_id: "pages",
          origin_access_control_id: expr(`aws_cloudfront_origin_access_control.${id}.id`),
        }),
        nested(
          "default_cache_behavior",
          {
            target_origin_id: "pages",
            viewer_protocol_policy: "redirect-to-https",
            allowed_methods: ["GET", "HEAD", "OPTIONS"],
            cached_methods: ["GET", "HEAD"],
            compress: true,
            cache_policy_id: expr("data.aws_cloudfront_cache_policy.optimized.id"),
            response_headers_policy_id: expr("data.aws_cloudfront_response_headers_policy.security.id"),
          },
          service.spa
            ? []
            : [
                nested("function_association", {
                  event_type: "viewer-request",
                  function_arn: expr("aws_cloudfront_function.folders.arn"),
                }),
              ],
        ),
        ...(service.spa
          ? [
              commented(
                "Routes live in the browser: an unknown path is the first page. S3 says 403 for what is not there.",
                missing(403, 200, "/index.html"),
              ),
            ]
          : [commented("S3 says 403 for what is not there.", missing(403, 404, "/404.html"))]),
        nested("logging_config", {
          bucket: expr("aws_s3_bucket.logs.bucket_domain_name"),
          prefix: `cloudfront/${service.name}/`,
          include_cookies: false,
        }),
        nested("restrictions", {}, [nested("geo_restriction", { restriction_type: "none" })]),
        nested("viewer_certificate", {
          acm_certificate_arn: expr(`aws_acm_certificate_validation.${id}.certificate_arn`),
          minimum_protocol_version: "TLSv1.2_2021",
          ssl_support_method: "sni-only",
        }),
      ],
    ),
    ...readers(id),
    ...certificate(id, host),
    resource(
      "aws_route53_record",
      id,
      {
        for_each: expr('toset(["A", "AAAA"])'),
        zone_id: expr("var.zone_id"),
        name: template(host),
        type: expr("each.key"),
      },
      [
        nested("alias", {
          name: expr(`aws_cloudfront_distribution.${id}.domain_name`),
          zone_id: expr(`aws_cloudfront_distribution.${id}.hosted_zone_id`),
          evaluate_target_health: false,
        }),
      ],
    ),
  ];
}

function readers(id: string): HclBlock[] {
  return [
    data("aws_iam_policy_document", `${id}_readers`, {}, [
      nested("statement", { actions: ["s3:GetObject"], resources: [template(`\${aws_s3_bucket.${id}.arn}/*`)] }, [
        nested("principals", { type: "Service", identifiers: ["cloudfront.amazonaws.com"] }),
        nested("condition", {
          test: "StringEquals",
          variable: "aws:SourceArn",
          values: [expr(`aws_cloudfront_distribution.${id}.arn`)],
        }),
      ]),
      tlsOnly(id),
    ]),
    resource("aws_s3_bucket_policy", id, {
      bucket: expr(`aws_s3_bucket.${id}.id`),
      policy: expr(`data.aws_iam_policy_document.${id}_readers.json`),
    }),
  ];
}

function certificate(id: string, host: string): HclBlock[] {
  return [
    resource(
      "aws_acm_certificate",
      id,
      { provider: expr("aws.global"), domain_name: template(host), validation_method: "DNS" },
      [nested("lifecycle", { create_before_destroy: true })],
    ),
    validationRecord(id),
    resource("aws_acm_certificate_validation", id, {
      provider: expr("aws.global"),
      certificate_arn: expr(`aws_acm_certificate.${id}.arn`),
      validation_record_fqdns: expr(`[for record in aws_route53_record.${id}_validation : record.fqdn]`),
    }),
  ];
}
