import { listAt, recordAt } from "../../../formats/document.ts";
import { isIn } from "../../../formats/tree.ts";
import type { Complaint } from "../../finding.ts";
import { ofIngress } from "./ingress.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import { podOf } from "./pods.ts";
import { objectRule } from "./rules.ts";
import type { World } from "./world.ts";

/** SM48 */
export const conventions = objectRule(
  {
    id: "SM48",
    title: "an Ingress has TLS and a class, objects the usual labels and versions that exist",
    help: "API versions are removed some releases after their successor; the object is then refused by every newer cluster.",
    severity: "warning",
    origins: ["no-extensions-v1beta"],
  },
  (object, world) => {
    const removed = removedIn(object);
    if (removed) {
      const message = `${object.apiVersion} of ${object.kind} is gone since Kubernetes ${removed.since}: use ${removed.instead}`;
      return [tell(object, ["apiVersion"], message, "error")];
    }
    return [
      ...(object.kind === "Ingress" && object.group === "networking.k8s.io" ? ofIngress(object) : []),
      ...labels(object, world),
    ];
  },
);

interface Removal {
  since: string;
  instead: string;
}

/** API versions that no supported cluster has, by `group/version`; `*` stands for all kinds. */
const REMOVED: Record<string, Record<string, Removal>> = {
  "extensions/v1beta1": {
    Ingress: { since: "1.22", instead: "networking.k8s.io/v1" },
    NetworkPolicy: { since: "1.16", instead: "networking.k8s.io/v1" },
    PodSecurityPolicy: { since: "1.16", instead: "Pod Security Admission" },
    "*": { since: "1.16", instead: "apps/v1" },
  },
  "apps/v1beta1": { "*": { since: "1.16", instead: "apps/v1" } },
  "apps/v1beta2": { "*": { since: "1.16", instead: "apps/v1" } },
  "networking.k8s.io/v1beta1": {
    Ingress: { since: "1.22", instead: "networking.k8s.io/v1" },
    IngressClass: { since: "1.22", instead: "networking.k8s.io/v1" },
  },
  "rbac.authorization.k8s.io/v1beta1": { "*": { since: "1.22", instead: "rbac.authorization.k8s.io/v1" } },
  "apiextensions.k8s.io/v1beta1": { "*": { since: "1.22", instead: "apiextensions.k8s.io/v1" } },
  "admissionregistration.k8s.io/v1beta1": {
    MutatingWebhookConfiguration: { since: "1.22", instead: "admissionregistration.k8s.io/v1" },
    ValidatingWebhookConfiguration: { since: "1.22", instead: "admissionregistration.k8s.io/v1" },
  },
  "scheduling.k8s.io/v1beta1": { PriorityClass: { since: "1.22", instead: "scheduling.k8s.io/v1" } },
  "storage.k8s.io/v1beta1": {
    StorageClass: { since: "1.22", instead: "storage.k8s.io/v1" },
    CSIDriver: { since: "1.22", instead: "storage.k8s.io/v1" },
    CSIStorageCapacity: { since: "1.27", instead: "storage.k8s.io/v1" },
  },
  "coordination.k8s.io/v1beta1": { Lease: { since: "1.22", instead: "coordination.k8s.io/v1" } },
  "certificates.k8s.io/v1beta1": { CertificateSigningRequest: { since: "1.22", instead: "certificates.k8s.io/v1" } },
  "batch/v1beta1": { CronJob: { since: "1.25", instead: "batch/v1" } },
  "batch/v2alpha1": { CronJob: { since: "1.21", instead: "batch/v1" } },
  "policy/v1beta1": {
    PodDisruptionBudget: { since: "1.25", instead: "policy/v1" },
    PodSecurityPolicy: { since: "1.25", instead: "Pod Security Admission" },
  },
  "discovery.k8s.io/v1beta1": { EndpointSlice: { since: "1.25", instead: "discovery.k8s.io/v1" } },
  "events.k8s.io/v1beta1": { Event: { since: "1.25", instead: "events.k8s.io/v1" } },
  "node.k8s.io/v1beta1": { RuntimeClass: { since: "1.25", instead: "node.k8s.io/v1" } },
  "autoscaling/v2beta1": { "*": { since: "1.25", instead: "autoscaling/v2" } },
  "autoscaling/v2beta2": { "*": { since: "1.26", instead: "autoscaling/v2" } },
  "flowcontrol.apiserver.k8s.io/v1beta1": { "*": { since: "1.26", instead: "flowcontrol.apiserver.k8s.io/v1" } },
  "flowcontrol.apiserver.k8s.io/v1beta2": { "*": { since: "1.29", instead: "flowcontrol.apiserver.k8s.io/v1" } },
  "flowcontrol.apiserver.k8s.io/v1beta3": { "*": { since: "1.32", instead: "flowcontrol.apiserver.k8s.io/v1" } },
};

function removedIn({ apiVersion, kind }: KubernetesObject): Removal | undefined {
  const kinds = Object.hasOwn(REMOVED, apiVersion) ? REMOVED[apiVersion] : undefined;
  if (!kinds) return undefined;
  return Object.hasOwn(kinds, kind) ? kinds[kind] : kinds["*"];
}

const NAME = "app.kubernetes.io/name";

function labels(object: KubernetesObject, world: World): Complaint[] {
  const pod = podOf(object);
  if (!pod || object.kind === "Pod" || NAME in object.labels || NAME in pod.labels) return [];
  // Charts and kustomizations put them on everything.
  const added = world.kustomizations
    .filter(({ folder }) => isIn(object.file.path, folder))
    .some(
      ({ value }) =>
        NAME in recordAt(value, ["commonLabels"]) ||
        listAt(value, ["labels"]).some((item) => NAME in recordAt(item, ["pairs"])),
    );
  if (added) return [];
  return [
    tell(
      object,
      ["metadata"],
      `tools find what belongs together by its labels: add \`${NAME}\` to the object and its pods`,
      "note",
    ),
  ];
}
