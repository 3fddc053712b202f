import { block, expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, nested, resource } from "../blocks.ts";
import { containersOf, pagesOf, projectSlug } from "../naming.ts";
import { scheduler } from "./deploy.ts";
import { databasesOf, hasCache, needsNetwork } from "./stores.ts";

/** Versions, the backend of the state, and the provider with the labels of everything. */
export function settings(plan: Plan): HclBlock[] {
  return [
    {
      block: "terraform",
      body: [
        { attribute: "required_version", value: ">= 1.11.0, < 2.0.0" },
        nested("required_providers", {
          google: { source: "hashicorp/google", version: "~> 7.20" },
          ...(databasesOf(plan).length > 0 ? { random: { source: "hashicorp/random", version: "~> 3.7" } } : {}),
        }),
        commented(
          "Bucket and prefix are given at init: the bucket exists before everything else. Google encrypts the state, and a run locks it.",
          block("backend", ["gcs"], {}),
        ),
      ],
    },
    block("provider", ["google"], {
      project: expr("var.project_id"),
      region: expr("var.region"),
      default_labels: { environment: expr("var.environment"), "managed-by": "terraform", project: projectSlug(plan) },
    }),
  ];
}

/** The name that everything begins with, and what the project has to have switched on. */
export function main(plan: Plan): HclBlock[] {
  const run = containersOf(plan).length > 0;
  const apis = [
    "cloudresourcemanager",
    "compute",
    "iam",
    "iamcredentials",
    "monitoring",
    ...(run ? ["artifactregistry", "run", "secretmanager"] : []),
    ...(scheduler(plan).length > 0 ? ["cloudscheduler"] : []),
    ...(needsNetwork(plan) ? ["servicenetworking"] : []),
    ...(databasesOf(plan).length > 0 ? ["sqladmin"] : []),
    ...(hasCache(plan) ? ["redis"] : []),
    ...(pagesOf(plan).length > 0 ? ["storage"] : []),
    "sts",
  ].sort();
  return [
    { block: "locals", body: [{ attribute: "name", value: template(`${projectSlug(plan)}-\${var.environment}`) }] },
    resource("google_project_service", "main", {
      for_each: { call: "toset", argument: apis.map((api) => `${api}.googleapis.com`) },
      service: expr("each.key"),
      disable_on_destroy: false,
    }),
    commented(
      "Who read or changed what, in every service.",
      resource(
        "google_project_iam_audit_config",
        "all",
        {
          project: expr("var.project_id"),
          service: "allServices",
          depends_on: [expr("google_project_service.main")],
        },
        ["ADMIN_READ", "DATA_READ", "DATA_WRITE"].map((log_type) => nested("audit_log_config", { log_type })),
      ),
    ),
    ...(run ? [registry()] : []),
  ];
}

function registry(): HclBlock {
  return resource(
    "google_artifact_registry_repository",
    "main",
    {
      repository_id: expr("local.name"),
      location: expr("var.region"),
      format: "DOCKER",
      description: "Images of all services",
      depends_on: [expr("google_project_service.main")],
    },
    [
      nested("docker_config", { immutable_tags: true }),
      nested("cleanup_policies", { id: "keep-recent", action: "KEEP" }, [
        nested("most_recent_versions", { keep_count: 30 }),
      ]),
      nested("cleanup_policies", { id: "delete-old", action: "DELETE" }, [
        nested("condition", { older_than: "7776000s" }),
      ]),
    ],
  );
}
