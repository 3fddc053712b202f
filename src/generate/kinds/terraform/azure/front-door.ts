import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, data, identifier, nested, resource } from "../blocks.ts";
import { fitted, hostOf, pagesOf, serversOf } from "../naming.ts";
import { place } from "./place.ts";

const PROFILE = { cdn_frontdoor_profile_id: expr("azurerm_cdn_frontdoor_profile.main.id") };
const TEXTS = [
  "application/javascript",
  "application/json",
  "image/svg+xml",
  "text/css",
  "text/html",
  "text/javascript",
  "text/plain",
];

/** Front Door for everything: certificates, pages from storage, services, a limit on requests. */
export function frontDoor(plan: Plan): HclBlock[] {
  const [pages, servers] = [pagesOf(plan), serversOf(plan)];
  const all = [...pages, ...servers];
  if (all.length === 0) return [];
  const hosts = Object.fromEntries(all.map((service) => [identifier(service.name), template(hostOf(service, plan))]));
  return [
    { block: "locals", body: [{ attribute: "hosts", value: hosts as Record<string, HclValue> }] },
    resource("azurerm_cdn_frontdoor_profile", "main", {
      name: expr("local.name"),
      resource_group_name: expr("azurerm_resource_group.main.name"),
      sku_name: "Standard_AzureFrontDoor",
      response_timeout_seconds: 60,
      tags: expr("local.tags"),
    }),
    resource("azurerm_cdn_frontdoor_endpoint", "main", {
      name: template("${local.name}-${local.unique}"),
      ...PROFILE,
      tags: expr("local.tags"),
    }),
    ...domains(),
    ...pages.flatMap((service, index) => [...storage(service, index), ...route(service)]),
    ...servers.flatMap(route),
    ...(pages.some(({ spa }) => spa) ? firstPage() : []),
    ...limits(),
  ];
}

/** Names in the zone of the domain, and what shows whose they are. */
function domains(): HclBlock[] {
  const record = 'each.value == var.dns_zone ? "@" : trimsuffix(each.value, join("", [".", var.dns_zone]))';
  const proof =
    'each.value == var.dns_zone ? "_dnsauth" : join(".", ["_dnsauth", trimsuffix(each.value, join("", [".", var.dns_zone]))])';
  const zone = {
    zone_name: expr("data.azurerm_dns_zone.main.name"),
    resource_group_name: expr("data.azurerm_dns_zone.main.resource_group_name"),
  };
  return [
    data("azurerm_dns_zone", "main", {
      name: expr("var.dns_zone"),
      resource_group_name: expr("var.dns_resource_group"),
    }),
    resource(
      "azurerm_cdn_frontdoor_custom_domain",
      "main",
      {
        for_each: expr("local.hosts"),
        name: expr('replace(each.key, "_", "-")'),
        ...PROFILE,
        dns_zone_id: expr("data.azurerm_dns_zone.main.id"),
        host_name: expr("each.value"),
      },
      [nested("tls", { certificate_type: "ManagedCertificate" })],
    ),
    resource(
      "azurerm_dns_txt_record",
      "proof",
      { for_each: expr("local.hosts"), name: expr(proof), ...zone, ttl: 300 },
      [nested("record", { value: expr("azurerm_cdn_frontdoor_custom_domain.main[each.key].validation_token") })],
    ),
    resource("azurerm_dns_a_record", "main", {
      for_each: expr("local.hosts"),
      name: expr(record),
      ...zone,
      ttl: 300,
      target_resource_id: expr("azurerm_cdn_frontdoor_endpoint.main.id"),
    }),
  ];
}

function storage(service: PlannedService, index: number): HclBlock[] {
  const id = `${identifier(service.name)}_pages`;
  return [
    resource(
      "azurerm_storage_account",
      id,
      {
        name: template(
          `\${substr(local.plain, 0, 10)}\${local.unique}${index}${fitted(service.name, 6).replaceAll("-", "")}`,
        ),
        ...place(),
        account_tier: "Standard",
        account_replication_type: "ZRS",
        min_tls_version: "TLS1_2",
        https_traffic_only_enabled: true,
        allow_nested_items_to_be_public: false,
        shared_access_key_enabled: false,
        tags: expr("local.tags"),
      },
      [nested("blob_properties", { versioning_enabled: true }, [nested("delete_retention_policy", { days: 30 })])],
    ),
    commented(
      "The account takes no keys: whoever applies this switches its pages on by a role.",
      resource("azurerm_role_assignment", `${id}_writer`, {
        scope: expr(`azurerm_storage_account.${id}.id`),
        role_definition_name: "Storage Blob Data Contributor",
        principal_id: expr("data.azurerm_client_config.current.object_id"),
      }),
    ),
    resource("azurerm_storage_account_static_website", id, {
      depends_on: [expr(`azurerm_role_assignment.${id}_writer`)],
      storage_account_id: expr(`azurerm_storage_account.${id}.id`),
      index_document: "index.html",
      error_404_document: service.spa ? "index.html" : "404.html",
    }),
  ];
}

function route(service: PlannedService): HclBlock[] {
  const id = identifier(service.name);
  const name = fitted(service.name, 40);
  const page = service.role === "static";
  const host = page
    ? `azurerm_storage_account.${id}_pages.primary_web_host`
    : `azurerm_container_app.${id}.ingress[0].fqdn`;
  return [
    resource(
      "azurerm_cdn_frontdoor_origin_group",
      id,
      { name, ...PROFILE, session_affinity_enabled: service.websocket },
      [
        nested("load_balancing", { sample_size: 4, successful_samples_required: 3 }),
        ...(page
          ? []
          : [
              nested("health_probe", {
                protocol: "Https",
                path: service.readiness ?? service.health ?? "/",
                interval_in_seconds: 30,
                request_type: "GET",
              }),
            ]),
      ],
    ),
    resource("azurerm_cdn_frontdoor_origin", id, {
      name,
      cdn_frontdoor_origin_group_id: expr(`azurerm_cdn_frontdoor_origin_group.${id}.id`),
      enabled: true,
      host_name: expr(host),
      origin_host_header: expr(host),
      certificate_name_check_enabled: true,
    }),
    resource(
      "azurerm_cdn_frontdoor_route",
      id,
      {
        name,
        cdn_frontdoor_endpoint_id: expr("azurerm_cdn_frontdoor_endpoint.main.id"),
        cdn_frontdoor_origin_group_id: expr(`azurerm_cdn_frontdoor_origin_group.${id}.id`),
        cdn_frontdoor_origin_ids: [expr(`azurerm_cdn_frontdoor_origin.${id}.id`)],
        cdn_frontdoor_custom_domain_ids: [expr(`azurerm_cdn_frontdoor_custom_domain.main["${id}"].id`)],
        ...(service.spa && page
          ? { cdn_frontdoor_rule_set_ids: [expr("azurerm_cdn_frontdoor_rule_set.pages.id")] }
          : {}),
        patterns_to_match: ["/*"],
        supported_protocols: ["Http", "Https"],
        forwarding_protocol: "HttpsOnly",
        https_redirect_enabled: true,
        link_to_default_domain: false,
      },
      page
        ? [
            nested("cache", {
              query_string_caching_behavior: "UseQueryString",
              compression_enabled: true,
              content_types_to_compress: TEXTS,
            }),
          ]
        : [],
    ),
    resource("azurerm_cdn_frontdoor_custom_domain_association", id, {
      cdn_frontdoor_custom_domain_id: expr(`azurerm_cdn_frontdoor_custom_domain.main["${id}"].id`),
      cdn_frontdoor_route_ids: [expr(`azurerm_cdn_frontdoor_route.${id}.id`)],
    }),
  ];
}

function firstPage(): HclBlock[] {
  return [
    resource("azurerm_cdn_frontdoor_rule_set", "pages", { name: "pages", ...PROFILE }),
    commented(
      "Routes live in the browser: a path without a file name is the first page.",
      resource(
        "azurerm_cdn_frontdoor_rule",
        "first_page",
        {
          name: "firstPage",
          cdn_frontdoor_rule_set_id: expr("azurerm_cdn_frontdoor_rule_set.pages.id"),
          order: 1,
          behavior_on_match: "Continue",
        },
        [
          nested("conditions", {}, [
            nested("url_file_extension_condition", { operator: "LessThan", match_values: ["1"] }),
          ]),
          nested("actions", {}, [
            nested("url_rewrite_action", {
              source_pattern: "/",
              destination: "/index.html",
              preserve_unmatched_path: false,
            }),
          ]),
        ],
      ),
    ),
  ];
}

/** Not more requests of one address than people make. */
function limits(): HclBlock[] {
  return [
    resource(
      "azurerm_cdn_frontdoor_firewall_policy",
      "main",
      {
        name: expr("local.plain"),
        resource_group_name: expr("azurerm_resource_group.main.name"),
        sku_name: "Standard_AzureFrontDoor",
        mode: "Prevention",
        tags: expr("local.tags"),
      },
      [
        nested(
          "custom_rule",
          {
            name: "limit",
            type: "RateLimitRule",
            action: "Block",
            priority: 1,
            rate_limit_duration_in_minutes: 1,
            rate_limit_threshold: 6_000,
          },
          [
            nested("match_condition", {
              match_variable: "SocketAddr",
              operator: "IPMatch",
              negation_condition: false,
              match_values: ["0.0.0.0/0", "::/0"],
            }),
          ],
        ),
      ],
    ),
    resource("azurerm_cdn_frontdoor_security_policy", "main", { name: "limits", ...PROFILE }, [
      nested("security_policies", {}, [
        nested(
          "firewall",
          { cdn_frontdoor_firewall_policy_id: expr("azurerm_cdn_frontdoor_firewall_policy.main.id") },
          [
            nested("association", { patterns_to_match: ["/*"] }, [
              {
                block: "dynamic",
                labels: ["domain"],
                body: [
                  { attribute: "for_each", value: expr("azurerm_cdn_frontdoor_custom_domain.main") },
                  nested("content", { cdn_frontdoor_domain_id: expr("domain.value.id") }),
                ],
              },
            ]),
          ],
        ),
      ]),
    ]),
  ];
}
