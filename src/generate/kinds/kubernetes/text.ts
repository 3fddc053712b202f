import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { yamlText } from "../../../formats/write-yaml.ts";
import { NOTE } from "../../note.ts";
import type { KubernetesObject } from "./labels.ts";
import { EVERYWHERE, NODE_DNS, POD_IDENTITY } from "./network.ts";

const POD = ["spec", "template", "spec"] as const;
const CONTAINER = [...POD, "containers", 0] as const;
const NO_LIMIT = "Memory is never taken away from what runs. CPU has no limit: it would slow down and save nothing.";

type Comment = [path: (string | number)[], text: string];

/** Addresses outside of the cluster, and what is there. */
const PEERS: Record<string, string> = {
  [EVERYWHERE]: "Rented stores and the services of others; never what the cloud tells about the node.",
  [NODE_DNS]: "Where a cache of names runs on each node.",
  [POD_IDENTITY]: "Where EKS gives a pod the role of its account, and no other; elsewhere nothing answers.",
};

/** Why something is as it is, where that is not plain; each stands above what it is about. */
function commentsOf(object: KubernetesObject): Comment[] {
  const spec = recordAt(object.spec);
  switch (object.kind) {
    case "Deployment":
      return [
        spec.replicas === undefined
          ? [["spec", "strategy"], "No replicas here: the autoscaler counts them."]
          : [["spec", "replicas"], "One alone: two would write the same files or do the same work."],
        [[...POD, "terminationGracePeriodSeconds"], "To be forgotten by endpoints, to end requests, to stop."],
        [[...CONTAINER, "resources"], NO_LIMIT],
        [[...CONTAINER, "lifecycle"], "Requests go on arriving until endpoints have forgotten the pod."],
      ];
    case "Job":
      return [[["spec", "backoffLimit"], "A migration that failed is looked at by people, not tried again."]];
    case "NetworkPolicy":
      return listAt(object.spec, ["egress"]).flatMap((rule, index) =>
        listAt(rule, ["to"]).flatMap((peer, at): Comment[] => {
          const text = PEERS[stringAt(peer, ["ipBlock", "cidr"]) ?? ""];
          return text === undefined ? [] : [[["spec", "egress", index, "to", at], text]];
        }),
      );
    default:
      return [];
  }
}

/** Objects of one file, with comments. */
export function objectsText(objects: readonly KubernetesObject[]): string {
  return objects
    .map((object, index) =>
      yamlText(object, { ...(index === 0 ? { header: [NOTE] } : {}), comments: commentsOf(object) }),
    )
    .join("---\n");
}
