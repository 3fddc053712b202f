import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { tell } from "./objects.ts";
import { type Container, type Pod, securityOf } from "./pods.ts";
import { podRule } from "./rules.ts";

/** SM33 */
export const privileges = podRule(
  {
    id: "SM33",
    title: "containers gain no rights and have none of the node",
    help: "A privileged container is root on the node; without `allowPrivilegeEscalation: false` a program in it may gain more rights than it began with.",
    severity: "warning",
    cis: "kubernetes 5.2.1",
    origins: ["privileged-container", "privilege-escalation-container", "CKV_K8S_16", "CKV_K8S_20"],
  },
  each((container) => {
    const { privileged, allowPrivilegeEscalation } = recordAt(container.value, ["securityContext"]);
    if (privileged === true)
      return { message: "is privileged: drop it, and add the one capability that it needs", severity: "error" };
    if (allowPrivilegeEscalation === false) return undefined;
    return { message: "can gain rights: set `allowPrivilegeEscalation: false` in its securityContext" };
  }),
);

/** SM34 */
export const rootFilesystem = podRule(
  {
    id: "SM34",
    title: "the root file system is read-only",
    help: "What cannot be written cannot be replaced by an intruder. Give what has to be written, such as /tmp, an emptyDir.",
    severity: "warning",
    cis: "kubernetes 5.7.3",
    origins: ["no-read-only-root-fs", "CKV_K8S_22"],
  },
  each((container, { object }) => {
    const { readOnlyRootFilesystem, privileged } = recordAt(container.value, ["securityContext"]);
    if (privileged === true) return undefined;
    if (readOnlyRootFilesystem !== true)
      return { message: "can change its own files: set `readOnlyRootFilesystem: true` and mount an emptyDir at /tmp" };
    // What runs to its end often writes nothing.
    const runs = !container.init && !/^(?:Cron)?Job$/.test(object.kind);
    if (!runs || listAt(container.value, ["volumeMounts"]).length > 0) return undefined;
    return { message: "can write nowhere: if it has to, mount an emptyDir at /tmp", severity: "note" };
  }),
);

const STRONG = new Set([
  "ALL",
  "SYS_ADMIN",
  "NET_ADMIN",
  "SYS_PTRACE",
  "SYS_MODULE",
  "DAC_READ_SEARCH",
  "BPF",
  "NET_RAW",
]);

/** SM35 */
export const capabilities = podRule(
  {
    id: "SM35",
    title: "capabilities are dropped",
    help: "Container runtimes grant a dozen capabilities that a server does not need, raw sockets among them.",
    severity: "warning",
    cis: "kubernetes 5.2.9",
    origins: ["drop-net-raw", "CKV_K8S_28", "CKV_K8S_37"],
  },
  each((container) => {
    if (recordAt(container.value, ["securityContext"]).privileged === true) return undefined;
    const names = (list: string) =>
      listAt(container.value, ["securityContext", "capabilities", list]).map((name) =>
        String(name).toUpperCase().replace(/^CAP_/, ""),
      );
    const strong = names("add").filter((name) => STRONG.has(name));
    if (strong.length > 0)
      return { message: `has ${strong.join(", ")}, which is close to being root of the node: do without` };
    return names("drop").includes("ALL")
      ? undefined
      : { message: "keeps capabilities: set `capabilities: { drop: [ALL] }`" };
  }),
);

/** SM36 */
export const seccomp: Rule = podRule(
  {
    id: "SM36",
    title: "the system calls of containers are filtered",
    help: "`RuntimeDefault` refuses calls that no ordinary program makes, and that many ways out of a container need.",
    severity: "warning",
    cis: "kubernetes 5.7.2",
    origins: ["CKV_K8S_31"],
  },
  (pod) => {
    if (pod.windows) return [];
    const typeOf = (container: Container) => stringAt(securityOf(pod, container, "seccompProfile"), ["type"]);
    const all = pod.containers.filter((container) => !isPrivileged(container) && !annotated(pod));
    const open = all.filter((container) => !/^(?:RuntimeDefault|Localhost)$/.test(typeOf(container) ?? ""));
    const advice = "set `securityContext: { seccompProfile: { type: RuntimeDefault } }`";
    if (open.length > 0 && open.length === all.length)
      return [tell(pod.object, pod.path, `all system calls are open: ${advice} in the spec of the pod`)];
    return open.map(({ name, path }) => tell(pod.object, path, `all system calls are open to ${name}: ${advice}`));
  },
);

/** The way that Kubernetes had before 1.19. */
function annotated({ object, path }: Pod): boolean {
  const annotations = recordAt(object.value, [...path.slice(0, -1), "metadata", "annotations"]);
  return /default|localhost/.test(String(annotations["seccomp.security.alpha.kubernetes.io/pod"] ?? ""));
}

function isPrivileged({ value }: Container): boolean {
  return recordAt(value, ["securityContext"]).privileged === true;
}

/** A check of each container for itself. */
function each(
  check: (container: Container, pod: Pod) => { message: string; severity?: Complaint["severity"] } | undefined,
): (pod: Pod) => Complaint[] {
  return (pod) =>
    pod.windows
      ? []
      : pod.containers.flatMap((container) => {
          const found = check(container, pod);
          const who = container.name || "this container";
          return found ? [tell(pod.object, container.path, `${who} ${found.message}`, found.severity)] : [];
        });
}
