import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, identifier, nested, resource } from "../blocks.ts";
import { fitted, hostOf, pagesOf, serversOf } from "../naming.ts";
import { bucket } from "./buckets.ts";

/** One address with HTTPS for everything: pages from buckets by way of the CDN, services behind a firewall. */
export function loadBalancer(plan: Plan): HclBlock[] {
  const [pages, servers] = [pagesOf(plan), serversOf(plan)];
  const all = [...pages, ...servers];
  if (all.length === 0) return [];
  const hosts = all.map((service) => template(hostOf(service, plan)));
  return [
    { block: "locals", body: [{ attribute: "hosts", value: hosts }] },
    resource("google_compute_global_address", "main", {
      name: expr("local.name"),
      depends_on: [expr("google_project_service.main")],
    }),
    resource("google_dns_record_set", "main", {
      for_each: expr("toset(local.hosts)"),
      managed_zone: expr("var.dns_zone"),
      name: template("${each.key}."),
      type: "A",
      ttl: 300,
      rrdatas: [expr("google_compute_global_address.main.address")],
    }),
    certificate(),
    ...pages.flatMap(pageBlocks),
    ...(servers.length > 0 ? [firewall()] : []),
    ...servers.flatMap(serverBlocks),
    urlMap(all, plan),
    ...frontend(),
  ];
}

/** The name of what requests for a service are sent to. */
function backendOf(service: PlannedService): string {
  const id = identifier(service.name);
  return service.role === "static"
    ? `google_compute_backend_bucket.${id}.id`
    : `google_compute_backend_service.${id}.id`;
}

function certificate(): HclBlock {
  return resource(
    "google_compute_managed_ssl_certificate",
    "main",
    {
      name: template('${local.name}-${substr(sha256(join(",", local.hosts)), 0, 8)}'),
      depends_on: [expr("google_project_service.main")],
    },
    [nested("managed", { domains: expr("local.hosts") }), nested("lifecycle", { create_before_destroy: true })],
  );
}

const PUBLIC = "stationmaster-ignore SM58: pages are for everybody, and the CDN reads public objects only";

function pageBlocks(service: PlannedService): HclBlock[] {
  const id = identifier(service.name);
  return [
    commented(
      PUBLIC,
      bucket(`${id}_pages`, fitted(service.name, 18), {}, [
        nested("website", { main_page_suffix: "index.html", not_found_page: service.spa ? "index.html" : "404.html" }),
      ]),
    ),
    {
      block: "resource",
      labels: ["google_storage_bucket_iam_member", `${id}_readers`],
      body: [
        { attribute: "bucket", value: expr(`google_storage_bucket.${id}_pages.name`) },
        { attribute: "role", value: "roles/storage.objectViewer" },
        { attribute: "member", value: "allUsers", comment: PUBLIC },
      ],
    },
    resource(
      "google_compute_backend_bucket",
      id,
      {
        name: template(`\${local.name}-${fitted(service.name, 20)}`),
        bucket_name: expr(`google_storage_bucket.${id}_pages.name`),
        enable_cdn: true,
        compression_mode: "AUTOMATIC",
        custom_response_headers: [
          "Strict-Transport-Security: max-age=31536000; includeSubDomains",
          "X-Content-Type-Options: nosniff",
          "Referrer-Policy: strict-origin-when-cross-origin",
        ],
      },
      [nested("cdn_policy", { cache_mode: "USE_ORIGIN_HEADERS" })],
    ),
  ];
}

function serverBlocks(service: PlannedService): HclBlock[] {
  const id = identifier(service.name);
  const name = template(`\${local.name}-${fitted(service.name, 20)}`);
  return [
    resource(
      "google_compute_region_network_endpoint_group",
      id,
      { name, region: expr("var.region"), network_endpoint_type: "SERVERLESS" },
      [nested("cloud_run", { service: expr(`google_cloud_run_v2_service.${id}.name`) })],
    ),
    resource(
      "google_compute_backend_service",
      id,
      {
        name,
        protocol: "HTTPS",
        load_balancing_scheme: "EXTERNAL_MANAGED",
        security_policy: expr("google_compute_security_policy.main.id"),
      },
      [
        nested("backend", { group: expr(`google_compute_region_network_endpoint_group.${id}.id`) }),
        nested("log_config", { enable: true, sample_rate: 1 }),
      ],
    ),
  ];
}

const ATTACKS = ["sqli-v33-stable", "rce-v33-stable", "lfi-v33-stable"];

function firewall(): HclBlock {
  const rule = (priority: number, action: string, description: string, match: HclBlock, more: HclBlock[] = []) =>
    nested("rule", { action, priority, description }, [match, ...more]);
  const everybody = nested("match", { versioned_expr: "SRC_IPS_V1" }, [nested("config", { src_ip_ranges: ["*"] })]);
  const named = { name: expr("local.name"), depends_on: [expr("google_project_service.main")] };
  return resource("google_compute_security_policy", "main", named, [
    ...ATTACKS.map((name, index) =>
      rule(
        1_000 + index,
        "deny(403)",
        name,
        nested("match", {}, [
          nested("expr", { expression: `evaluatePreconfiguredWaf('${name}', {'sensitivity': 1})` }),
        ]),
      ),
    ),
    rule(2_000, "throttle", "Not more than 100 requests a second of one address", everybody, [
      nested("rate_limit_options", { conform_action: "allow", exceed_action: "deny(429)", enforce_on_key: "IP" }, [
        nested("rate_limit_threshold", { count: 6_000, interval_sec: 60 }),
      ]),
    ]),
    rule(2_147_483_647, "allow", "Everything else", everybody),
  ]);
}

function urlMap(all: readonly PlannedService[], plan: Plan): HclBlock {
  const [first] = all;
  return resource(
    "google_compute_url_map",
    "main",
    { name: expr("local.name"), default_service: expr(first ? backendOf(first) : "") },
    [
      ...all.map((service) =>
        nested("host_rule", { hosts: [template(hostOf(service, plan))], path_matcher: fitted(service.name, 40) }),
      ),
      ...all.map((service) =>
        nested("path_matcher", { name: fitted(service.name, 40), default_service: expr(backendOf(service)) }, [
          ...(service.role === "static" && service.spa ? [firstPage(service)] : []),
        ]),
      ),
    ],
  );
}

function firstPage(service: PlannedService): HclBlock {
  return commented(
    "Routes live in the browser: an unknown path is the first page.",
    nested("default_custom_error_response_policy", { error_service: expr(backendOf(service)) }, [
      nested("error_response_rule", {
        match_response_codes: ["404"],
        path: "/index.html",
        override_response_code: 200,
      }),
    ]),
  );
}

function frontend(): HclBlock[] {
  const rule = (name: string, port: number, target: string) =>
    resource("google_compute_global_forwarding_rule", name, {
      name: template(`\${local.name}-${name}`),
      load_balancing_scheme: "EXTERNAL_MANAGED",
      ip_address: expr("google_compute_global_address.main.id"),
      port_range: String(port),
      target: expr(target),
    });
  return [
    resource("google_compute_ssl_policy", "main", {
      name: expr("local.name"),
      profile: "MODERN",
      min_tls_version: "TLS_1_2",
      depends_on: [expr("google_project_service.main")],
    }),
    resource("google_compute_target_https_proxy", "main", {
      name: expr("local.name"),
      url_map: expr("google_compute_url_map.main.id"),
      ssl_certificates: [expr("google_compute_managed_ssl_certificate.main.id")],
      ssl_policy: expr("google_compute_ssl_policy.main.id"),
    }),
    rule("https", 443, "google_compute_target_https_proxy.main.id"),
    resource(
      "google_compute_url_map",
      "redirect",
      { name: template("${local.name}-redirect"), depends_on: [expr("google_project_service.main")] },
      [nested("default_url_redirect", { https_redirect: true, strip_query: false })],
    ),
    resource("google_compute_target_http_proxy", "redirect", {
      name: template("${local.name}-redirect"),
      url_map: expr("google_compute_url_map.redirect.id"),
    }),
    rule("http", 80, "google_compute_target_http_proxy.redirect.id"),
  ];
}
