import { block, expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import { inImage } from "../../../image-folders.ts";
import type { PlannedService } from "../../../plan.ts";
import { identifier, nested } from "../blocks.ts";
import type { Environment } from "../environment.ts";
import { environmentMap, whereSet } from "../inputs.ts";
import { fitted } from "../naming.ts";
import type { Workload } from "../workloads.ts";

/** What is run of a service. */
export interface Part {
  workload: Workload;
  service: PlannedService;
  environment: Environment;
}

const STEP = { cpu: 0.25, memory: 512 };
const MOST_STEPS = 16;

/** Who it is, where its image comes from, and its secrets: the same for apps and jobs. */
export function surroundings({ service, environment }: Part): HclBlock[] {
  const id = identifier(service.name);
  const identity = expr(`azurerm_user_assigned_identity.${id}.id`);
  return [
    nested("identity", { type: "UserAssigned", identity_ids: [identity] }),
    nested("registry", { server: expr("azurerm_container_registry.main.login_server"), identity }),
    ...(environment.secret.length > 0
      ? [
          block("dynamic", ["secret"], { for_each: expr(secretMap(id, environment)) }, [
            nested("content", {
              name: expr('lower(replace(secret.key, "_", "-"))'),
              identity,
              key_vault_secret_id: template("${azurerm_key_vault.main.vault_uri}secrets/${secret.value}"),
            }),
          ]),
        ]
      : []),
  ];
}

function secretMap(id: string, environment: Environment): string {
  const where = whereSet(environment);
  return where === "" ? `local.${id}_secrets` : `{ for name, key in local.${id}_secrets : name => key${where} }`;
}

/** The container of a program. */
export function container({ workload, service, environment }: Part): HclBlock {
  const id = identifier(service.name);
  const given = environmentMap(service, id, environment);
  return nested(
    "container",
    {
      name: fitted(workload.name, 40),
      image: expr(`var.images["${service.name}"]`),
      ...(workload.command ? { command: [...workload.command] } : {}),
      ...sizeOf(service.resources),
    },
    [
      ...(given
        ? [
            block("dynamic", ["env"], { for_each: expr(given) }, [
              nested("content", { name: expr("env.key"), value: expr("env.value") }),
            ]),
          ]
        : []),
      ...(environment.secret.length > 0
        ? [
            block("dynamic", ["env"], { for_each: expr(secretMap(id, environment)) }, [
              nested("content", { name: expr("env.key"), secret_name: expr('lower(replace(env.key, "_", "-"))') }),
            ]),
          ]
        : []),
      ...(workload.kind === "server" ? probes(service) : []),
      ...service.state.map((path, index) =>
        nested("volume_mounts", { name: `state-${index}`, path: inImage(service, path) }),
      ),
    ],
  );
}

/** Volumes of files that outlive a release. */
export function volumes(service: PlannedService): HclBlock[] {
  return service.state.map((_, index) =>
    nested("volume", {
      name: `state-${index}`,
      storage_type: "AzureFile",
      storage_name: expr(`azurerm_container_app_environment_storage.${identifier(service.name)}_${index}.name`),
      mount_options: "dir_mode=0750,file_mode=0640,uid=10001,gid=10001,nobrl",
    }),
  );
}

/** Cores and memory go together, in steps. */
export function sizeOf({ cpu, memory }: PlannedService["resources"]): Record<string, HclValue> {
  const steps = Math.min(MOST_STEPS, Math.max(1, Math.ceil(cpu / STEP.cpu), Math.ceil(memory / STEP.memory)));
  return { cpu: steps * STEP.cpu, memory: `${steps * 0.5}Gi` };
}

function probes({ port, health, readiness, startup }: PlannedService): HclBlock[] {
  const ask = (path: string | null): Record<string, HclValue> =>
    path === null ? { transport: "TCP", port: port ?? 0 } : { transport: "HTTP", port: port ?? 0, path };
  const interval = Math.max(3, Math.ceil(startup / 10));
  return [
    nested("startup_probe", { ...ask(health), interval_seconds: interval, timeout: 3, failure_count_threshold: 10 }),
    nested("readiness_probe", {
      ...ask(readiness ?? health),
      interval_seconds: 5,
      timeout: 3,
      failure_count_threshold: 2,
      success_count_threshold: 1,
    }),
    nested("liveness_probe", { ...ask(health), interval_seconds: 15, timeout: 5, failure_count_threshold: 4 }),
  ];
}
