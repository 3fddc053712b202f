import { isRecord, listAt, recordAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import { type Pod, podOf } from "./pods.ts";
import { objectRule } from "./rules.ts";
import { keysOf, selects } from "./selector.ts";
import { isNear, isNearMiss, podsFor, type World } from "./world.ts";

const DNS_PORT = 53;

/** SM44 */
export const networkPolicies = objectRule(
  {
    id: "SM44",
    title: "traffic is denied unless a NetworkPolicy names it",
    help: "Without policies each pod of the cluster reaches each other one. A policy for outgoing traffic has to allow DNS, or nothing is found any more.",
    severity: "warning",
    cis: "kubernetes 5.3.2",
    origins: ["non-isolated-pod", "dangling-networkpolicy", "CKV2_K8S_6"],
  },
  (object, world) => {
    if (object.kind === "NetworkPolicy" && object.group === "networking.k8s.io") return ofPolicy(object, world);
    const pod = podOf(object);
    return pod ? ofPod(pod, world) : [];
  },
);

function ofPod(pod: Pod, world: World): Complaint[] {
  const { object } = pod;
  // With hostNetwork no policy applies; policies of other makers are not read.
  if (
    pod.spec.hostNetwork === true ||
    world.objects.some(({ kind }) => /^(?:Cilium|Global|Antrea|AdminNetwork)\w*Policy$/.test(kind))
  )
    return [];
  const policies = world.of("NetworkPolicy").filter((policy) => isNear(policy, object));
  if (policies.some((policy) => selects(selectorOf(policy), pod.labels))) return [];
  const others = world.of("NetworkPolicy").length > 0;
  const message =
    "no NetworkPolicy selects these pods, so that everything may reach them: add one that denies by default";
  return [tell(object, ["metadata", "name"], message, others ? "warning" : "note")];
}

function ofPolicy(object: KubernetesObject, world: World): Complaint[] {
  const selector = selectorOf(object);
  const pods = podsFor(world, object, selector);
  if (pods.length === 0 && isNearMiss(world, object, selector))
    return [
      tell(object, ["spec", "podSelector"], "the policy selects none of the pods in these files: correct its labels"),
    ];
  return [
    ...open(object, "ingress"),
    ...open(object, "egress"),
    ...(pods.length > 0 ? nameless(object, pods, world) : []),
  ];
}

/** A rule that names neither peers nor ports lets everything through. */
function open(object: KubernetesObject, direction: "ingress" | "egress"): Complaint[] {
  return listAt(object.value, ["spec", direction]).flatMap((rule, index) =>
    (isRecord(rule) && Object.keys(rule).length === 0) || rule === null
      ? [
          tell(
            object,
            ["spec", direction, index],
            `this rule allows all ${direction === "ingress" ? "incoming" : "outgoing"} traffic: name peers and ports`,
          ),
        ]
      : [],
  );
}

/** Pods whose outgoing traffic is limited, while no policy lets them ask for names; told once, at the policy most about them. */
function nameless(object: KubernetesObject, pods: readonly Pod[], world: World): Complaint[] {
  if (!limitsEgress(object)) return [];
  const near = world.of("NetworkPolicy").filter((policy) => isNear(policy, object) && limitsEgress(policy));
  const first = pods.find(({ labels }) => {
    const policies = near.filter((policy) => selects(selectorOf(policy), labels));
    const closest = policies.find((policy) => keysOf(selectorOf(policy)).length > 0) ?? policies[0];
    return closest === object && !policies.some(({ value }) => listAt(value, ["spec", "egress"]).some(allowsNames));
  });
  if (!first) return [];
  return [
    tell(object, ["spec"], `${first.object.name} cannot look up names: allow egress to port ${DNS_PORT}, UDP and TCP`),
  ];
}

function allowsNames(rule: unknown): boolean {
  const ports = listAt(rule, ["ports"]);
  return (
    ports.length === 0 ||
    ports.some((port) => {
      const { port: number, endPort } = recordAt(port);
      if (number === undefined || number === "dns" || number === "dns-tcp") return true;
      return typeof endPort === "number"
        ? Number(number) <= DNS_PORT && endPort >= DNS_PORT
        : Number(number) === DNS_PORT;
    })
  );
}

function limitsEgress({ value }: KubernetesObject): boolean {
  const types = listAt(value, ["spec", "policyTypes"]);
  return types.length > 0 ? types.includes("Egress") : recordAt(value, ["spec"]).egress !== undefined;
}

function selectorOf({ value }: KubernetesObject): unknown {
  return recordAt(value, ["spec"]).podSelector ?? {};
}
