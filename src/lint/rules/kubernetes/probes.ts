import { isRecord, listAt, type Path, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { tell } from "./objects.ts";
import { type Container, type Pod, portsOf } from "./pods.ts";
import { podRule } from "./rules.ts";
import { servicesFor } from "./world.ts";

type Probe = "livenessProbe" | "readinessProbe" | "startupProbe";
const PROBES: readonly Probe[] = ["livenessProbe", "readinessProbe", "startupProbe"];
const SERVING = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** SM39 */
export const probes = podRule(
  {
    id: "SM39",
    title: "readiness is asked for, liveness asks less, and probes ask ports that exist",
    help: "A failed readiness probe takes a pod out of traffic; a failed liveness probe restarts it. A liveness probe that looks at the database restarts every pod when the database is away.",
    severity: "warning",
    origins: ["liveness-port", "readiness-port", "startup-port", "no-readiness-probe", "CKV_K8S_8", "CKV_K8S_9"],
  },
  (pod, world) => {
    const served = SERVING.has(pod.object.kind) && servicesFor(world, pod).length > 0;
    return pod.containers
      .filter(({ init }) => !init)
      .flatMap((container) => [
        ...(served ? missing(pod, container) : []),
        ...liveness(pod, container),
        ...PROBES.flatMap((probe) => port(pod, container, probe)),
      ]);
  },
);

function missing({ object }: Pod, container: Container): Complaint[] {
  const { path, value, name } = container;
  // A sidecar without ports is not what a Service sends requests to.
  if (portsOf(container).length === 0) return [];
  if (!isRecord(value.readinessProbe))
    return [tell(object, path, `${name} gets requests before it can answer: add a readinessProbe`)];
  if (isRecord(value.livenessProbe) || isRecord(value.startupProbe)) return [];
  return [tell(object, path, `${name} is not restarted when it hangs: add a livenessProbe`, "note")];
}

const DEPENDENCY_PATH = /(?:^|[/_-])(?:ready|readyz|readiness|db|database|deps|dependencies|deep)(?:$|[/_?-])/i;
const DATABASE_PROGRAM =
  /\b(?:pg_isready|psql|mysqladmin|mysql|mariadb-admin|redis-cli|valkey-cli|mongosh?|rabbitmq-diagnostics)\b/;
const DATABASE_IMAGE = /postg|pg|mysql|maria|percona|redis|valkey|dragonfly|keydb|mongo|rabbit|timescale/i;
const LONG_DELAY_SECONDS = 60;

function liveness({ object }: Pod, { path, value, name }: Container): Complaint[] {
  const probe = value.livenessProbe;
  if (!isRecord(probe)) return [];
  const at = (...more: Path) => [...path, "livenessProbe", ...more];
  const route = stringAt(probe, ["httpGet", "path"]) ?? "";
  const program = listAt(probe, ["exec", "command"]).join(" ");
  if (DEPENDENCY_PATH.test(route))
    return [
      tell(
        object,
        at("httpGet", "path"),
        `liveness asks ${route}: when what it depends on is away, all pods restart. Ask a route that only the process answers`,
      ),
    ];
  if (DATABASE_PROGRAM.test(program) && !DATABASE_IMAGE.test(stringAt(value, ["image"]) ?? ""))
    return [tell(object, at("exec"), `liveness of ${name} asks a database: when that is away, all pods restart`)];
  if (sameAsReadiness(probe, value.readinessProbe))
    return [
      tell(
        object,
        at(),
        "liveness and readiness ask the same and give up at once: let liveness ask less, or wait longer",
        "note",
      ),
    ];
  const delay = Number(probe.initialDelaySeconds ?? 0);
  if (delay < LONG_DELAY_SECONDS || isRecord(value.startupProbe)) return [];
  return [
    tell(
      object,
      at("initialDelaySeconds"),
      `every restart waits ${delay} s before it is looked at: use a startupProbe instead`,
      "note",
    ),
  ];
}

/** The same question, and liveness gives up no later than readiness does. */
function sameAsReadiness(own: Record<string, unknown>, readiness: unknown): boolean {
  if (!isRecord(readiness)) return false;
  const question = ({ httpGet, tcpSocket, exec, grpc }: Record<string, unknown>) =>
    JSON.stringify([httpGet, tcpSocket, exec, grpc]);
  const patience = ({ periodSeconds = 10, failureThreshold = 3 }: Record<string, unknown>) =>
    Number(periodSeconds) * Number(failureThreshold);
  return question(own) === question(readiness) && patience(own) <= patience(readiness);
}

function port({ object }: Pod, container: Container, probe: Probe): Complaint[] {
  const kind = ["httpGet", "tcpSocket", "grpc"].find((name) => isRecord(recordAt(container.value, [probe])[name]));
  if (!kind) return [];
  const asked = recordAt(container.value, [probe, kind]).port;
  const ports = portsOf(container);
  const at = [...container.path, probe, kind, "port"];
  if (typeof asked === "string" && !/^\d+$/.test(asked))
    return ports.some(({ name }) => name === asked)
      ? []
      : [
          tell(
            object,
            at,
            `${probe} asks port "${asked}", and ${container.name} has none of that name: it always fails`,
            "error",
          ),
        ];
  if (asked === undefined || ports.length === 0 || ports.some(({ number }) => number === Number(asked))) return [];
  return [tell(object, at, `${probe} asks port ${asked}, which is not among the ports of ${container.name}`)];
}
