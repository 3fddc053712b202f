import { isRecord, listAt, type Path, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import type { KubernetesObject } from "./objects.ts";

export interface Container {
  name: string;
  /** From the object. */
  path: Path;
  value: Record<string, unknown>;
  /** Whether it runs before the others and ends. */
  init: boolean;
}

/** The pods an object makes. */
export interface Pod {
  object: KubernetesObject;
  /** From the object to the pod's `spec`. */
  path: Path;
  spec: Record<string, unknown>;
  labels: Record<string, unknown>;
  containers: Container[];
  windows: boolean;
}

/** Where the template of pods lies, by kind; of these API groups only, as others have kinds of the same names. */
const TEMPLATES: Record<string, Path> = {
  Pod: [],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};
const GROUPS = new Set(["", "apps", "batch", "extensions"]);

const known = new WeakMap<KubernetesObject, Pod | null>();

/** The pods of an object; undefined for objects that make none, or leave their template to others. */
export function podOf(object: KubernetesObject): Pod | undefined {
  const found = known.get(object) ?? readPod(object) ?? null;
  known.set(object, found);
  return found ?? undefined;
}

function readPod(object: KubernetesObject): Pod | undefined {
  const template =
    GROUPS.has(object.group) && Object.hasOwn(TEMPLATES, object.kind) ? TEMPLATES[object.kind] : undefined;
  const spec = template && valueAt(object.value, [...template, "spec"]);
  if (!template || !isRecord(spec)) return undefined;
  const path = [...template, "spec"];
  const containers = ["initContainers", "containers"].flatMap((list) =>
    listAt(spec, [list]).flatMap((value, index) =>
      isRecord(value)
        ? [
            {
              name: stringAt(value, ["name"]) ?? "",
              path: [...path, list, index],
              value,
              init: list === "initContainers" && value.restartPolicy !== "Always",
            },
          ]
        : [],
    ),
  );
  const os = stringAt(spec, ["os", "name"]) ?? stringAt(spec, ["nodeSelector", "kubernetes.io/os"]);
  const labels = recordAt(object.value, [...template, "metadata", "labels"]);
  return containers.length > 0 ? { object, path, spec, labels, containers, windows: os === "windows" } : undefined;
}

/** A field of the security settings of a container: its own, else that of the pod. */
export function securityOf({ spec }: Pod, { value }: Container, field: string): unknown {
  return recordAt(value, ["securityContext"])[field] ?? recordAt(spec, ["securityContext"])[field];
}

/** Ports that a container names, with numbers. */
export function portsOf({ value }: Container): { name: string | undefined; number: number | undefined }[] {
  return listAt(value, ["ports"]).map((port) => {
    const number = valueAt(port, ["containerPort"]);
    return { name: stringAt(port, ["name"]), number: typeof number === "number" ? number : undefined };
  });
}
