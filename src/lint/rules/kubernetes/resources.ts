import { isRecord, recordAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import type { Container } from "./pods.ts";
import { podRule } from "./rules.ts";

/** SM38 */
export const resources = podRule(
  {
    id: "SM38",
    title: "containers say what they need, and get no more memory than that",
    help: "Without requests the scheduler packs a node until it runs out of memory. A CPU limit slows a container down while the node has time to spare.",
    severity: "warning",
    origins: ["unset-cpu-requirements", "unset-memory-requirements", "CKV_K8S_10", "CKV_K8S_12", "CKV_K8S_13"],
  },
  (pod, world) => {
    // The namespace, or whoever sizes pods, gives what they lack.
    if (world.of("LimitRange").length > 0 || world.of("VerticalPodAutoscaler").length > 0) return [];
    if (isRecord(recordAt(pod.spec).resources)) return [];
    return pod.containers.filter(({ init }) => !init).flatMap((container) => ofContainer(pod.object, container));
  },
);

function ofContainer(object: KubernetesObject, { name, path, value }: Container): Complaint[] {
  const requests = recordAt(value, ["resources", "requests"]);
  const limits = recordAt(value, ["resources", "limits"]);
  const at = isRecord(value.resources) ? [...path, "resources"] : path;
  // A limit alone is a request too.
  const lacking = ["cpu", "memory"].filter((what) => requests[what] === undefined && limits[what] === undefined);
  const found: Complaint[] = [];
  if (lacking.length > 0)
    found.push(
      tell(object, at, `${name} does not say what it needs: set \`resources.requests\` of ${lacking.join(" and ")}`),
    );
  if (limits.memory === undefined)
    found.push(
      tell(object, at, `${name} can take all memory of its node: set \`resources.limits.memory\` to its request`),
    );
  else if (requests.memory !== undefined && quantity(requests.memory) !== quantity(limits.memory))
    found.push(
      tell(
        object,
        [...at, "limits", "memory"],
        `${name} may use more memory than it was given room for: make the limit the request`,
        "note",
      ),
    );
  if (limits.cpu !== undefined)
    found.push(
      tell(object, [...at, "limits", "cpu"], `${name} is slowed down at its CPU limit: the request is enough`, "note"),
    );
  return found;
}

const UNITS: Record<string, number> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** A quantity as a number; the text itself where it is none. */
function quantity(value: unknown): number | string {
  const [, number, unit = ""] =
    /^(\d+(?:\.\d+)?(?:e\d+)?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/i.exec(String(value).trim()) ?? [];
  return number === undefined ? String(value) : Number(number) * (UNITS[unit] ?? 1);
}
