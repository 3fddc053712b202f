import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { imageName } from "../../../formats/image-name.ts";
import type { Complaint } from "../../finding.ts";
import { tell } from "./objects.ts";
import type { Pod } from "./pods.ts";
import { podRule } from "./rules.ts";
import type { World } from "./world.ts";

/** SM46 */
export const host = podRule(
  {
    id: "SM46",
    title: "images have a version, pods keep away from the node",
    help: "`latest` is another image at each start of a pod. Namespaces, folders and the runtime socket of the node open it to whoever gets into the pod.",
    severity: "warning",
    cis: "kubernetes 5.2.2",
    origins: [
      "latest-tag",
      "host-network",
      "host-pid",
      "host-ipc",
      "docker-sock",
      "CKV_K8S_14",
      "CKV_K8S_17",
      "CKV_K8S_18",
      "CKV_K8S_19",
      "CKV_K8S_27",
    ],
  },
  (pod, world) => [...images(pod, world), ...namespaces(pod), ...folders(pod)],
);

function images({ object, containers }: Pod, world: World): Complaint[] {
  return containers.flatMap(({ path, value }) => {
    const image = stringAt(value, ["image"]) ?? "";
    const name = imageName(image);
    if (!name || name.open || name.digest !== undefined || (name.tag !== undefined && name.tag !== "latest")) return [];
    if (world.tagged && name.tag === undefined) return [];
    const full = name.registry === undefined ? name.repository : `${name.registry}/${name.repository}`;
    if (
      world.kustomizations.some((kustomization) =>
        listAt(kustomization.value, ["images"]).some((item) => replaces(item, full)),
      )
    )
      return [];
    return [
      tell(object, [...path, "image"], `${image} is another image at each start: name a version, better its digest`),
    ];
  });
}

/** Whether a kustomization gives an image of this name its tag. */
function replaces(item: unknown, image: string): boolean {
  const { name, newTag, digest, newName } = recordAt(item);
  return name === image && (newTag !== undefined || digest !== undefined || newName !== undefined);
}

function namespaces({ object, path, spec }: Pod): Complaint[] {
  return ["hostNetwork", "hostPID", "hostIPC"]
    .filter((key) => spec[key] === true)
    .map((key) => tell(object, [...path, key], `\`${key}\` takes down the wall between pod and node: leave it out`));
}

function folders({ object, path, spec }: Pod): Complaint[] {
  return listAt(spec, ["volumes"]).flatMap((volume, index) => {
    const folder = stringAt(volume, ["hostPath", "path"]);
    if (folder === undefined) return [];
    const at = [...path, "volumes", index, "hostPath"];
    if (/\/(?:docker|containerd|crio)(?:\/\w+)?\.sock$/.test(folder))
      return [tell(object, at, `${folder} lets the pod start anything on the node, as root: do without`, "error")];
    return [tell(object, at, `the pod reads ${folder} of its node: use a volume, a ConfigMap or an emptyDir`)];
  });
}
