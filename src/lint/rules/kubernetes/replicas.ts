import { isRecord, listAt, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import { type Pod, podOf } from "./pods.ts";
import { objectRule } from "./rules.ts";
import { leastReplicas, scalersOf, type World } from "./world.ts";

/** SM40 */
export const replicas = objectRule(
  {
    id: "SM40",
    title: "two pods at least, on different nodes",
    help: "With one pod, each restart of it or of its node is an outage; two on one node go down together.",
    severity: "warning",
    origins: ["minimum-replicas", "no-anti-affinity"],
  },
  (object, world) => {
    if (object.kind === "HorizontalPodAutoscaler") return ofScaler(object);
    const pod = podOf(object);
    return pod && (object.kind === "Deployment" || object.kind === "StatefulSet") ? ofWorkload(pod, world) : [];
  },
);

function ofScaler(object: KubernetesObject): Complaint[] {
  const { minReplicas } = recordAt(object.value, ["spec"]);
  if (typeof minReplicas === "number" && minReplicas !== 1) return [];
  const at = minReplicas === undefined ? ["spec"] : ["spec", "minReplicas"];
  return [tell(object, at, "it may go down to one pod: set `minReplicas: 2`")];
}

function ofWorkload(pod: Pod, world: World): Complaint[] {
  const { object } = pod;
  const spec = recordAt(object.value, ["spec"]);
  const least = leastReplicas(world, object);
  if (least === 0) return [];
  if (least === 1) {
    if (object.kind !== "Deployment" || scalersOf(world, object).length > 0 || isSingle(pod)) return [];
    return [
      tell(
        object,
        "replicas" in spec ? ["spec", "replicas"] : ["spec"],
        "one pod is an outage at each restart: set `replicas: 2` or add a HorizontalPodAutoscaler",
      ),
    ];
  }
  const spread =
    listAt(pod.spec, ["topologySpreadConstraints"]).length > 0 ||
    isRecord(recordAt(pod.spec, ["affinity"]).podAntiAffinity);
  if (spread) return [];
  return [
    tell(
      object,
      pod.path,
      "all pods may land on one node: add `topologySpreadConstraints` over kubernetes.io/hostname",
    ),
  ];
}

/** Whether it cannot be more than one: it keeps files of its own, or elects a leader. */
function isSingle({ object, spec, containers }: Pod): boolean {
  const volume = listAt(spec, ["volumes"]).some((item) => isRecord(recordAt(item).persistentVolumeClaim));
  const leader = containers.some(({ value }) =>
    [...listAt(value, ["args"]), ...listAt(value, ["command"])].some((arg) => /leader-elect/.test(String(arg))),
  );
  return volume || leader || stringAt(object.value, ["spec", "strategy", "type"]) === "Recreate";
}
