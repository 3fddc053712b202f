import { recordAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import { podOf } from "./pods.ts";
import { objectRule } from "./rules.ts";
import { selects } from "./selector.ts";
import { isNear, isNearMiss, leastReplicas, podsFor, type World } from "./world.ts";

/** SM41 */
export const disruption = objectRule(
  {
    id: "SM41",
    title: "a PodDisruptionBudget lets one pod go, and no more",
    help: "Without a budget an upgrade of the nodes may take all pods at once; one that lets none go blocks the upgrade.",
    severity: "warning",
    origins: ["pdb-max-unavailable", "pdb-min-available", "pdb-unhealthy-pod-eviction-policy"],
  },
  (object, world) => {
    if (object.kind === "PodDisruptionBudget") return ofBudget(object, world);
    const pod = podOf(object);
    if (!pod || object.kind !== "Deployment" || leastReplicas(world, object) < 2) return [];
    const budgets = world.of("PodDisruptionBudget").filter((budget) => isNear(budget, object));
    if (budgets.some((budget) => selects(recordAt(budget.value, ["spec"]).selector, pod.labels))) return [];
    return [
      tell(
        object,
        ["metadata", "name"],
        "a drain of nodes may take all pods at once: add a PodDisruptionBudget with `maxUnavailable: 1`",
        "note",
      ),
    ];
  },
);

function ofBudget(object: KubernetesObject, world: World): Complaint[] {
  const spec = recordAt(object.value, ["spec"]);
  const pods = podsFor(world, object, spec.selector);
  if (pods.length === 0 && isNearMiss(world, object, spec.selector))
    return [
      tell(object, ["spec", "selector"], "the budget selects none of the pods in these files: correct its labels"),
    ];
  const policy: Complaint[] =
    spec.unhealthyPodEvictionPolicy === "AlwaysAllow"
      ? []
      : [
          tell(
            object,
            ["spec"],
            "pods that do not get ready block a drain: set `unhealthyPodEvictionPolicy: AlwaysAllow`",
            "note",
          ),
        ];
  const least = Math.max(0, ...pods.map((pod) => leastReplicas(world, pod.object)));
  return [...blocking(object, spec, least), ...policy];
}

function blocking(
  object: KubernetesObject,
  { maxUnavailable, minAvailable }: Record<string, unknown>,
  least: number,
): Complaint[] {
  if (maxUnavailable === 0 || maxUnavailable === "0" || maxUnavailable === "0%")
    return [
      tell(
        object,
        ["spec", "maxUnavailable"],
        "no pod may ever go, so that no node can be drained: set `maxUnavailable: 1`",
      ),
    ];
  const kept = Number(String(minAvailable ?? 0).replace("%", ""));
  const all = String(minAvailable).endsWith("%") ? kept >= 100 : least > 0 && kept >= least;
  if (minAvailable === undefined || !all) return [];
  return [
    tell(
      object,
      ["spec", "minAvailable"],
      `all ${least > 0 ? `${least} pods` : "pods"} have to stay, so that no node can be drained: use \`maxUnavailable: 1\``,
    ),
  ];
}
