import type { Complaint } from "../../finding.ts";
import { tell } from "./objects.ts";
import { type Container, type Pod, securityOf } from "./pods.ts";
import { podRule } from "./rules.ts";

const LEAST_ID = 10_000;

/** SM32 */
export const user = podRule(
  {
    id: "SM32",
    title: "containers run as a user without rights on the node",
    help: "A process that runs as root in its container is root on the node once it breaks out. Ids above 9999 belong to nobody there.",
    severity: "warning",
    cis: "kubernetes 5.2.6",
    origins: ["run-as-non-root", "CKV_K8S_23", "CKV_K8S_40"],
  },
  (pod) => {
    if (pod.windows) return [];
    const root = pod.containers.filter((container) => securityOf(pod, container, "runAsUser") === 0);
    const open = pod.containers.filter(
      (container) => !root.includes(container) && securityOf(pod, container, "runAsNonRoot") !== true,
    );
    const rest = pod.containers.filter((container) => !root.includes(container) && !open.includes(container));
    return [
      ...root.map((container) =>
        ofContainer(pod, container, "runs as root: set `runAsNonRoot: true` and a `runAsUser` above 9999"),
      ),
      ...openOnes(pod, open),
      ...numbers(pod, rest),
    ];
  },
);

function openOnes(pod: Pod, open: readonly Container[]): Complaint[] {
  const advice = "set `securityContext: { runAsNonRoot: true, runAsUser: 10001 }`";
  if (open.length > 0 && open.length === pod.containers.length)
    return [tell(pod.object, pod.path, `the pod may run as root: ${advice} in its spec`)];
  return open.map((container) => ofContainer(pod, container, `may run as root: ${advice}`));
}

function numbers(pod: Pod, containers: readonly Container[]): Complaint[] {
  const ids = containers.map((container) => securityOf(pod, container, "runAsUser"));
  if (ids.length > 0 && ids.every((id) => id === undefined))
    return [tell(pod.object, pod.path, "the user is left to the images: set a numeric `runAsUser` above 9999", "note")];
  return containers.flatMap((container) => {
    const id = securityOf(pod, container, "runAsUser");
    if (typeof id !== "number" || id >= LEAST_ID) return [];
    return [
      {
        ...ofContainer(pod, container, `runs as user ${id}, which the node may have too: take one above 9999`),
        severity: "note",
      },
    ];
  });
}

function ofContainer(pod: Pod, { name, path }: Container, message: string): Complaint {
  return tell(pod.object, path, `${name || "this container"} ${message}`);
}
