import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, identifier, nested, resource } from "../blocks.ts";
import { repositoryOf } from "../inputs.ts";
import { containersOf, pagesOf } from "../naming.ts";
import { type Workload, workloadsOf } from "../workloads.ts";

const ISSUER = "https://token.actions.githubusercontent.com";
const KINDS: Record<Workload["kind"], string> = {
  server: "service",
  worker: "worker_pool",
  schedule: "job",
  task: "job",
};

/** The account of the pipeline: only jobs of this repository in the environment of the same name become it, and it does no more than deploy. */
export function deployAccount(plan: Plan): HclBlock[] {
  if (plan.ci !== "github-actions") return [];
  const repository = repositoryOf(plan);
  return [
    resource("google_iam_workload_identity_pool", "github", {
      workload_identity_pool_id: template("github-${var.environment}"),
      display_name: template("GitHub, ${var.environment}"),
      depends_on: [expr("google_project_service.main")],
    }),
    resource(
      "google_iam_workload_identity_pool_provider",
      "github",
      {
        workload_identity_pool_id: expr("google_iam_workload_identity_pool.github.workload_identity_pool_id"),
        workload_identity_pool_provider_id: "github",
        attribute_mapping: {
          "google.subject": "assertion.sub",
          "attribute.environment": "assertion.environment",
          "attribute.repository": "assertion.repository",
        },
        attribute_condition: template(
          `assertion.repository == '${repository}' && assertion.environment == '\${var.environment}'`,
        ),
      },
      [nested("oidc", { issuer_uri: ISSUER })],
    ),
    resource("google_service_account", "deploy", {
      account_id: template("deploy-${var.environment}"),
      display_name: template("Pipeline of ${local.name}"),
      depends_on: [expr("google_project_service.main")],
    }),
    resource("google_service_account_iam_member", "deploy_github", {
      service_account_id: expr("google_service_account.deploy.name"),
      role: "roles/iam.workloadIdentityUser",
      member: template(
        `principal://iam.googleapis.com/\${google_iam_workload_identity_pool.github.name}/subject/repo:${repository}:environment:\${var.environment}`,
      ),
    }),
    ...containerRights(plan),
    ...pagesOf(plan).map(({ name }) =>
      resource("google_storage_bucket_iam_member", `${identifier(name)}_deploy`, {
        bucket: expr(`google_storage_bucket.${identifier(name)}_pages.name`),
        role: "roles/storage.objectUser",
        member: expr("google_service_account.deploy.member"),
      }),
    ),
    ...(pagesOf(plan).length > 0 ? cacheRights() : []),
  ];
}

function containerRights(plan: Plan): HclBlock[] {
  const run = containersOf(plan);
  if (run.length === 0) return [];
  return [
    resource("google_artifact_registry_repository_iam_member", "deploy", {
      repository: expr("google_artifact_registry_repository.main.name"),
      location: expr("var.region"),
      role: "roles/artifactregistry.writer",
      member: expr("google_service_account.deploy.member"),
    }),
    ...run.map(({ name }) =>
      resource("google_service_account_iam_member", `${identifier(name)}_deploy`, {
        service_account_id: expr(`google_service_account.${identifier(name)}.name`),
        role: "roles/iam.serviceAccountUser",
        member: expr("google_service_account.deploy.member"),
      }),
    ),
    ...run.flatMap(workloadsOf).map(({ id, kind }) =>
      resource(`google_cloud_run_v2_${KINDS[kind]}_iam_member`, `${id}_deploy`, {
        name: expr(`google_cloud_run_v2_${KINDS[kind]}.${id}.name`),
        location: expr("var.region"),
        role: "roles/run.developer",
        member: expr("google_service_account.deploy.member"),
      }),
    ),
  ];
}

/** Emptying the cache is one right of many in the ready-made roles: this one holds nothing else. */
function cacheRights(): HclBlock[] {
  return [
    commented(
      "No ready-made role allows this and nothing more.",
      resource("google_project_iam_custom_role", "cache", {
        role_id: template('cdnCache_${replace(local.name, "-", "_")}'),
        title: template("Empty the cache of ${local.name}"),
        permissions: ["compute.urlMaps.get", "compute.urlMaps.invalidateCache", "compute.globalOperations.get"],
        depends_on: [expr("google_project_service.main")],
      }),
    ),
    resource("google_project_iam_member", "deploy_cache", {
      project: expr("var.project_id"),
      role: expr("google_project_iam_custom_role.cache.id"),
      member: expr("google_service_account.deploy.member"),
    }),
  ];
}

/** Who starts jobs at their times. */
export function scheduler(plan: Plan): HclBlock[] {
  const any = containersOf(plan).some((service) => workloadsOf(service).some(({ kind }) => kind === "schedule"));
  return any
    ? [
        resource("google_service_account", "scheduler", {
          account_id: template("scheduler-${var.environment}"),
          display_name: template("Schedules of ${local.name}"),
          depends_on: [expr("google_project_service.main")],
        }),
      ]
    : [];
}
