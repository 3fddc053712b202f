import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import { podOf } from "./pods.ts";
import { objectRule } from "./rules.ts";
import { isNear, scalersOf, type World } from "./world.ts";

/** SM42 */
export const autoscaling = objectRule(
  {
    id: "SM42",
    title: "an autoscaler has a target, and the target leaves the count to it",
    help: "A Deployment with `replicas` goes back to that count at each apply, whatever the autoscaler had found necessary.",
    severity: "warning",
    origins: ["dangling-horizontalpodautoscaler"],
  },
  (object, world) => {
    if (object.kind === "HorizontalPodAutoscaler") return ofScaler(object, world);
    const { replicas } = recordAt(object.value, ["spec"]);
    if (replicas === undefined || !podOf(object)) return [];
    const [scaler] = scalersOf(world, object);
    if (!scaler) return [];
    return [tell(object, ["spec", "replicas"], `${scaler.kind} ${scaler.name} sets the count: leave \`replicas\` out`)];
  },
);

function ofScaler(object: KubernetesObject, world: World): Complaint[] {
  const spec = recordAt(object.value, ["spec"]);
  const kind = stringAt(spec, ["scaleTargetRef", "kind"]) ?? "";
  const name = stringAt(spec, ["scaleTargetRef", "name"]) ?? "";
  const { minReplicas = 1, maxReplicas } = spec;
  if (typeof maxReplicas === "number" && Number(minReplicas) > maxReplicas)
    return [
      tell(object, ["spec", "maxReplicas"], `maxReplicas ${maxReplicas} is below minReplicas ${minReplicas}`, "error"),
    ];
  const targets = world.of(kind).filter((other) => isNear(other, object));
  const target = targets.find((other) => other.name === name);
  if (!target)
    // Where the tree has none of this kind, it comes from elsewhere.
    return targets.length === 0
      ? []
      : [tell(object, ["spec", "scaleTargetRef", "name"], `no ${kind} ${name} is in these files: correct the name`)];
  return utilization(object, target);
}

/** A share of the request needs a request. */
function utilization(object: KubernetesObject, target: KubernetesObject): Complaint[] {
  const byCpu =
    recordAt(object.value, ["spec"]).targetCPUUtilizationPercentage !== undefined ||
    listAt(object.value, ["spec", "metrics"]).some(
      (metric) =>
        stringAt(metric, ["resource", "name"]) === "cpu" &&
        stringAt(metric, ["resource", "target", "type"]) === "Utilization",
    );
  const without = (podOf(target)?.containers ?? []).filter(
    ({ init, value }) =>
      !init &&
      recordAt(value, ["resources", "requests"]).cpu === undefined &&
      recordAt(value, ["resources", "limits"]).cpu === undefined,
  );
  if (!byCpu || without.length === 0) return [];
  return [
    tell(
      object,
      ["spec"],
      `${without.map(({ name }) => name).join(", ")} of ${target.name} has no CPU request, so that its use cannot be counted`,
    ),
  ];
}
