import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { commented, identifier, nested, resource } from "../blocks.ts";
import type { Environment } from "../environment.ts";
import { environmentLocal } from "../inputs.ts";
import { fitted, projectSlug } from "../naming.ts";
import { type Workload, workloadsOf } from "../workloads.ts";
import { bucket } from "./buckets.ts";
import { container, type Part, surroundings } from "./container.ts";
import { accountBlocks, usesCache } from "./secrets.ts";

/** Everything of one service and of the programs that run from its image. */
export function serviceBlocks(service: PlannedService, environment: Environment, plan: Plan): HclBlock[] {
  const id = identifier(service.name);
  return [
    ...environmentLocal(id, environment),
    ...accountBlocks(service, id, environment, plan),
    ...service.state.flatMap((_, index) => stateBucket(service, id, index)),
    ...workloadsOf(service).flatMap((workload) => {
      const part = { workload, service, environment, plan };
      if (workload.kind === "server") return [server(part)];
      if (workload.kind === "worker") return [worker(part)];
      return workload.kind === "schedule" ? [job(part), ...clock(part)] : [job(part)];
    }),
  ];
}

function stateBucket(service: PlannedService, id: string, index: number): HclBlock[] {
  const name = `${id}_state_${index}`;
  return [
    commented(
      "Files that outlive a release, mounted as a folder: fine for uploads, not for a database in a file.",
      bucket(name, `${fitted(service.name, 12)}-state-${index}`, { public_access_prevention: "enforced" }),
    ),
    resource("google_storage_bucket_iam_member", name, {
      bucket: expr(`google_storage_bucket.${name}.name`),
      role: "roles/storage.objectUser",
      member: expr(`google_service_account.${id}.member`),
    }),
  ];
}

/** Cloud Run takes 49 characters: an environment has up to ten of them, beside two hyphens. */
const LONGEST_NAME = 49 - 10 - 2;

function runName({ name }: Workload, plan: Plan) {
  return template(`\${local.name}-${fitted(name, LONGEST_NAME - projectSlug(plan).length)}`);
}

const RELEASES = "The pipeline releases.";

function server(part: Part): HclBlock {
  const { workload, service } = part;
  const count = `var.replicas["${workload.name}"]`;
  return resource(
    "google_cloud_run_v2_service",
    workload.id,
    {
      name: runName(workload, part.plan),
      location: expr("var.region"),
      deletion_protection: true,
      // Only what comes through the load balancer: its firewall cannot be gone around.
      ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
      invoker_iam_disabled: true,
      depends_on: waits(part),
    },
    [
      nested(
        "template",
        {
          service_account: expr(`google_service_account.${identifier(service.name)}.email`),
          execution_environment: "EXECUTION_ENVIRONMENT_GEN2",
          ...(service.websocket ? { timeout: "3600s", session_affinity: true } : { timeout: "300s" }),
        },
        [
          nested("scaling", {
            min_instance_count: expr(`${count}.min`),
            max_instance_count: expr(`${count}.max`),
          }),
          ...surroundings(part),
          container(part),
        ],
      ),
      ignore(["template[0].containers[0].image", "client", "client_version"]),
    ],
  );
}

function worker(part: Part): HclBlock {
  const { workload, service } = part;
  return resource(
    "google_cloud_run_v2_worker_pool",
    workload.id,
    {
      name: runName(workload, part.plan),
      location: expr("var.region"),
      deletion_protection: true,
      depends_on: waits(part),
    },
    [
      nested("scaling", { manual_instance_count: expr(`var.replicas["${workload.name}"].min`) }),
      nested("template", { service_account: expr(`google_service_account.${identifier(service.name)}.email`) }, [
        ...surroundings(part),
        container(part),
      ]),
      ignore(["template[0].containers[0].image", "client", "client_version"]),
    ],
  );
}

function job(part: Part): HclBlock {
  const { workload, service } = part;
  return resource(
    "google_cloud_run_v2_job",
    workload.id,
    {
      name: runName(workload, part.plan),
      location: expr("var.region"),
      deletion_protection: true,
      depends_on: waits(part),
    },
    [
      nested("template", {}, [
        nested(
          "template",
          {
            service_account: expr(`google_service_account.${identifier(service.name)}.email`),
            timeout: "3600s",
            max_retries: workload.kind === "schedule" ? 1 : 0,
          },
          [...surroundings(part), container(part)],
        ),
      ]),
      ignore(["template[0].template[0].containers[0].image", "client", "client_version"]),
    ],
  );
}

function ignore(paths: readonly string[]): HclBlock {
  return commented(RELEASES, nested("lifecycle", { ignore_changes: paths.map(expr) }));
}

/** A program starts once it may read what it needs. */
function waits({ service, environment, plan }: Part) {
  const id = identifier(service.name);
  return [
    expr("google_project_service.main"),
    ...(environment.secret.length > 0 ? [expr(`google_secret_manager_secret_iam_member.${id}`)] : []),
    ...environment.secret
      .filter(({ value }) => value !== null)
      .map(({ name }) => expr(`google_secret_manager_secret_version.${id}_${identifier(name.toLowerCase())}`)),
    ...(usesCache(service, plan)
      ? [
          expr(`google_secret_manager_secret_iam_member.${id}_cache_ca`),
          expr("google_secret_manager_secret_version.cache_ca"),
        ]
      : []),
    ...service.state.map((_, index) => expr(`google_storage_bucket_iam_member.${id}_state_${index}`)),
  ];
}

function clock({ workload: { id, name, schedule } }: Part): HclBlock[] {
  return [
    resource(
      "google_cloud_scheduler_job",
      id,
      {
        name: template(`\${local.name}-${name}`),
        region: expr("var.region"),
        schedule: schedule ?? "",
        time_zone: "Etc/UTC",
        attempt_deadline: "60s",
        depends_on: [expr("google_project_service.main")],
      },
      [
        nested("retry_config", { retry_count: 2 }),
        nested(
          "http_target",
          {
            http_method: "POST",
            uri: template(`https://run.googleapis.com/v2/\${google_cloud_run_v2_job.${id}.id}:run`),
          },
          [nested("oauth_token", { service_account_email: expr("google_service_account.scheduler.email") })],
        ),
      ],
    ),
    resource("google_cloud_run_v2_job_iam_member", `${id}_clock`, {
      name: expr(`google_cloud_run_v2_job.${id}.name`),
      location: expr("var.region"),
      role: "roles/run.invoker",
      member: expr("google_service_account.scheduler.member"),
    }),
  ];
}
