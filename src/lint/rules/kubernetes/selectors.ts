import { isRecord, listAt, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { backendsOf } from "./ingress.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import { podOf, portsOf } from "./pods.ts";
import { objectRule } from "./rules.ts";
import { selects } from "./selector.ts";
import { isNear, isNearMiss, podsBehind, type World } from "./world.ts";

/** SM43 */
export const selectors = objectRule(
  {
    id: "SM43",
    title: "selectors match and ports exist",
    help: "A Service that selects nothing, or sends to a port that no container has, answers no request; nothing else reports it.",
    severity: "warning",
    origins: ["mismatching-selector", "dangling-service", "dangling-ingress", "invalid-target-ports"],
  },
  (object, world) => {
    if (object.kind === "Service" && object.group === "") return ofService(object, world);
    if (object.kind === "Ingress") return ofIngress(object, world);
    return [...ofWorkload(object), ...portNames(object)];
  },
);

function ofWorkload(object: KubernetesObject): Complaint[] {
  const pod = podOf(object);
  const { selector } = recordAt(object.value, ["spec"]);
  if (!pod || !["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].includes(object.kind) || !isRecord(selector))
    return [];
  if (selects(selector, pod.labels)) return [];
  return [
    tell(
      object,
      ["spec", "selector"],
      "the selector does not match the labels of the pod template, which the cluster refuses",
      "error",
    ),
  ];
}

/** At most 15 lower case letters, digits and single hyphens, with a letter among them. */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z\d]+(?:-[a-z\d]+)*$/;

function portNames(object: KubernetesObject): Complaint[] {
  return (podOf(object)?.containers ?? []).flatMap((container) =>
    portsOf(container).flatMap(({ name }, index) =>
      name === undefined || PORT_NAME.test(name)
        ? []
        : [
            tell(
              object,
              [...container.path, "ports", index, "name"],
              `"${name}" is no name of a port: 15 lower case letters, digits and hyphens at most`,
              "error",
            ),
          ],
    ),
  );
}

function ofService(object: KubernetesObject, world: World): Complaint[] {
  const spec = recordAt(object.value, ["spec"]);
  if (spec.type === "ExternalName" || Object.keys(recordAt(spec, ["selector"])).length === 0) return [];
  const pods = podsBehind(world, object);
  if (pods.length === 0)
    return isNearMiss(world, object, spec.selector)
      ? [tell(object, ["spec", "selector"], "the Service selects none of the pods in these files: correct its labels")]
      : [];
  const ports = pods.flatMap(({ containers }) => containers.filter(({ init }) => !init).flatMap(portsOf));
  return listAt(spec, ["ports"]).flatMap((port, index) => {
    const { targetPort = recordAt(port).port } = recordAt(port);
    const at = ["spec", "ports", index, recordAt(port).targetPort === undefined ? "port" : "targetPort"];
    if (typeof targetPort === "string" && !/^\d+$/.test(targetPort))
      return ports.some(({ name }) => name === targetPort)
        ? []
        : [tell(object, at, `no container behind this Service has a port "${targetPort}"`, "error")];
    // Containers may listen on ports they do not list; only lists can disagree.
    const listed = pods.every(({ containers }) => containers.some((container) => portsOf(container).length > 0));
    if (!listed || ports.some(({ number }) => number === Number(targetPort))) return [];
    return [tell(object, at, `no container behind this Service lists port ${targetPort}`)];
  });
}

function ofIngress(object: KubernetesObject, world: World): Complaint[] {
  const services = world.of("Service").filter(({ group }) => group === "");
  return backendsOf(object).flatMap(({ name, port, path }) => {
    const named = services.filter((other) => other.name === name && isNear(other, object));
    if (named.length === 0)
      return services.some((other) => isNear(other, object))
        ? [tell(object, path, `no Service ${name} is in these files: add it, or correct the name`)]
        : [];
    // Each environment may have a Service of the name: one that fits is enough.
    const fits = named.some(({ value }) => {
      const ports = listAt(value, ["spec", "ports"]);
      return (
        ports.length === 0 || ports.some((item) => recordAt(item).port === port || stringAt(item, ["name"]) === port)
      );
    });
    return port === undefined || fits ? [] : [tell(object, path, `Service ${name} has no port ${port}`, "error")];
  });
}
