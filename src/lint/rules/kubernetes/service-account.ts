import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import { podRule } from "./rules.ts";
import { isNear, type World } from "./world.ts";

/** SM37 */
export const serviceAccount = podRule(
  {
    id: "SM37",
    title: "pods have their own ServiceAccount and no token they do not use",
    help: "The token in a pod opens the API of the cluster with all that its account may do; the default account is shared by everybody in the namespace.",
    severity: "warning",
    cis: "kubernetes 5.1.5",
    origins: ["non-existent-service-account", "default-service-account", "CKV_K8S_38", "CKV_K8S_41"],
  },
  (pod, world) => {
    const { object, spec } = pod;
    const name = stringAt(spec, ["serviceAccountName"]) ?? stringAt(spec, ["serviceAccount"]) ?? "default";
    const mounted = spec.automountServiceAccountToken;
    if (name === "default") {
      if (mounted === false)
        return [
          tell(object, pod.path, "the pod shares the account `default`: give it a ServiceAccount of its own", "note"),
        ];
      const message =
        "the pod has the token of the account `default`: set `serviceAccountName` and `automountServiceAccountToken: false`";
      return [tell(object, pod.path, message)];
    }
    const place = [...pod.path, "serviceAccountName" in spec ? "serviceAccountName" : "serviceAccount"];
    const account = world.of("ServiceAccount").find((other) => other.name === name && isNear(other, object));
    if (!account) {
      if (world.of("ServiceAccount").length === 0) return [];
      return [tell(object, place, `no ServiceAccount ${name} is in these files: add it, or correct the name`)];
    }
    if (mounted === false || (mounted !== true && account.value.automountServiceAccountToken === false)) return [];
    if (isBound(world, account)) return [];
    return [
      tell(
        object,
        place,
        `nothing binds a role to ${name}, so that the pod needs no token: set \`automountServiceAccountToken: false\``,
      ),
    ];
  },
);

function isBound(world: World, account: KubernetesObject): boolean {
  return ["RoleBinding", "ClusterRoleBinding"].flatMap(world.of).some((binding) =>
    listAt(binding.value, ["subjects"]).some((subject) => {
      const { kind, name } = recordAt(subject);
      return kind === "ServiceAccount" && name === account.name;
    }),
  );
}
