import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, identifier, nested, resource } from "../blocks.ts";
import { containersOf, pagesOf } from "../naming.ts";
import { trustOf } from "../trust.ts";
import { type Workload, workloadsOf } from "../workloads.ts";

const KINDS: Record<Workload["kind"], string> = {
  server: "service",
  worker: "worker_pool",
  schedule: "job",
  task: "job",
};

/** The account of the pipeline: only jobs of this repository become it, and it does no more than deploy. */
export function deployAccount(plan: Plan): HclBlock[] {
  const { id, name, issuer, subject, claims, condition, common } = trustOf(plan);
  const pool = `google_iam_workload_identity_pool.${id}`;
  return [
    resource("google_iam_workload_identity_pool", id, {
      workload_identity_pool_id: template(`${id}-\${var.environment}`),
      display_name: template(`${name}, \${var.environment}`),
      depends_on: [expr("google_project_service.main")],
    }),
    resource(
      "google_iam_workload_identity_pool_provider",
      id,
      {
        workload_identity_pool_id: expr(`${pool}.workload_identity_pool_id`),
        workload_identity_pool_provider_id: id,
        attribute_mapping: {
          "google.subject": "assertion.sub",
          ...Object.fromEntries(Object.entries(claims).map(([key, claim]) => [`attribute.${key}`, claim])),
        },
        attribute_condition: template(condition),
      },
      [
        nested("oidc", {
          issuer_uri: template(issuer),
          ...(common ? { allowed_audiences: ["https://iam.googleapis.com"] } : {}),
        }),
      ],
    ),
    resource("google_service_account", "deploy", {
      account_id: template("deploy-${var.environment}"),
      display_name: template("Pipeline of ${local.name}"),
      depends_on: [expr("google_project_service.main")],
    }),
    resource("google_service_account_iam_member", `deploy_${id}`, {
      service_account_id: expr("google_service_account.deploy.name"),
      role: "roles/iam.workloadIdentityUser",
      member: template(`principal://iam.googleapis.com/\${${pool}.name}/subject/${subject}`),
    }),
    ...containerRights(plan),
    ...pagesOf(plan).map((service) =>
      resource("google_storage_bucket_iam_member", `${identifier(service.name)}_deploy`, {
        bucket: expr(`google_storage_bucket.${identifier(service.name)}_pages.name`),
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
