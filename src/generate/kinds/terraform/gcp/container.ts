import { block, expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import { inImage } from "../../../image-folders.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { identifier, nested } from "../blocks.ts";
import type { Environment } from "../environment.ts";
import { environmentMap, whereSet } from "../inputs.ts";
import { hostOf } from "../naming.ts";
import type { Workload } from "../workloads.ts";
import { usesCache } from "./secrets.ts";
import { needsNetwork } from "./stores.ts";

const CA_FOLDER = "/etc/cache-ca";
/** Cloud Run waits four minutes for a start, not longer. */
const MOST_SECONDS = 240;
/** Cores that go with memory in MiB, and the share of a core that they are enough for. */
const CORES: readonly (readonly [memory: number, cores: number])[] = [
  [4_096, 1],
  [8_192, 2],
  [16_384, 4],
  [24_576, 6],
  [32_768, 8],
];

/** What is run of a service, and as what. */
export interface Part {
  workload: Workload;
  service: PlannedService;
  environment: Environment;
  plan: Plan;
}

/** The way to private addresses, and the volumes: the same for services, workers and jobs. */
export function surroundings({ service, plan }: Part): HclBlock[] {
  return [
    ...(needsNetwork(plan)
      ? [
          nested("vpc_access", { egress: "PRIVATE_RANGES_ONLY" }, [
            nested("network_interfaces", {
              network: expr("google_compute_network.main.id"),
              subnetwork: expr("google_compute_subnetwork.main.id"),
            }),
          ]),
        ]
      : []),
    ...(usesCache(service, plan)
      ? [
          nested("volumes", { name: "cache-ca" }, [
            nested("secret", { secret: expr("google_secret_manager_secret.cache_ca.secret_id") }, [
              nested("items", { version: "latest", path: "ca.pem" }),
            ]),
          ]),
        ]
      : []),
    ...service.state.map((_, index) =>
      nested("volumes", { name: `state-${index}` }, [
        nested("gcs", {
          bucket: expr(`google_storage_bucket.${identifier(service.name)}_state_${index}.name`),
          read_only: false,
          mount_options: ["uid=10001", "gid=10001"],
        }),
      ]),
    ),
  ];
}

/** The container of a program. */
export function container(part: Part): HclBlock {
  const { workload, service, plan } = part;
  const serves = workload.kind === "server" && service.port !== null;
  return nested(
    "containers",
    {
      image: expr(`var.images["${service.name}"]`),
      ...(workload.command ? { command: [...workload.command] } : {}),
    },
    [
      ...(serves ? [nested("ports", { container_port: service.port ?? 0 })] : []),
      resources(service, serves),
      ...variables(part),
      ...(usesCache(service, plan) ? [nested("volume_mounts", { name: "cache-ca", mount_path: CA_FOLDER })] : []),
      ...service.state.map((path, index) =>
        nested("volume_mounts", { name: `state-${index}`, mount_path: inImage(service, path) }),
      ),
      ...(serves ? probes(service, plan) : []),
    ],
  );
}

/** Less than a whole core takes one request at a time, so that one is the least. */
function resources({ resources: { cpu, memory } }: PlannedService, serves: boolean): HclBlock {
  const [most, cores] = CORES.find(([size, count]) => memory <= size && cpu <= count) ?? [32_768, 8];
  return nested("resources", {
    limits: { cpu: String(cores), memory: `${Math.min(most, Math.max(512, memory))}Mi` },
    ...(serves ? { startup_cpu_boost: true } : {}),
  });
}

function variables({ service, environment, plan }: Part): HclBlock[] {
  const id = identifier(service.name);
  const given = environmentMap(service, id, environment);
  const trusted =
    service.runtime.name === "node" || service.runtime.name === "bun" ? "NODE_EXTRA_CA_CERTS" : "REDIS_CA_FILE";
  return [
    ...(given
      ? [
          block("dynamic", ["env"], { for_each: expr(given) }, [
            nested("content", { name: expr("env.key"), value: expr("env.value") }),
          ]),
        ]
      : []),
    ...(environment.secret.length > 0
      ? [
          block(
            "dynamic",
            ["env"],
            {
              for_each: expr(
                `{ for name, secret in google_secret_manager_secret.${id} : name => secret.secret_id${whereSet(environment)} }`,
              ),
            },
            [
              nested("content", { name: expr("env.key") }, [
                nested("value_source", {}, [
                  nested("secret_key_ref", { secret: expr("env.value"), version: "latest" }),
                ]),
              ]),
            ],
          ),
        ]
      : []),
    ...(usesCache(service, plan) ? [nested("env", { name: trusted, value: `${CA_FOLDER}/ca.pem` })] : []),
  ];
}

function probes(service: PlannedService, plan: Plan): HclBlock[] {
  const { port, health, startup, answered } = service;
  const period = startup > 60 ? 10 : 3;
  const named = nested("http_headers", { name: "Host", value: template(hostOf(service, plan)) });
  const ask =
    health === null
      ? nested("tcp_socket", { port: port ?? 0 })
      : nested("http_get", { path: health, port: port ?? 0 }, answered ? [named] : []);
  return [
    nested(
      "startup_probe",
      {
        period_seconds: period,
        timeout_seconds: period,
        failure_threshold: Math.min(MOST_SECONDS / period, Math.max(10, Math.ceil(startup / period))),
      },
      [ask],
    ),
    ...(health === null
      ? []
      : [nested("liveness_probe", { period_seconds: 15, timeout_seconds: 5, failure_threshold: 4 }, [ask])]),
  ];
}
