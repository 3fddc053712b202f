import type { Complaint } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { type KubernetesObject, objectsOf } from "./objects.ts";
import { type Pod, podOf } from "./pods.ts";
import { type World, worldOf } from "./world.ts";

type Words = Omit<Rule, "kinds" | "check">;

/** A rule about each whole object of a file. */
export function objectRule(words: Words, check: (object: KubernetesObject, world: World) => Complaint[]): Rule {
  return {
    ...words,
    kinds: ["kubernetes"],
    check(file, context) {
      const world = worldOf(context);
      if (world.isFragment(file.path)) return [];
      return objectsOf(file).flatMap((object) => ("$patch" in object.value ? [] : check(object, world)));
    },
  };
}

/** A rule about the pods that objects make. */
export function podRule(words: Words, check: (pod: Pod, world: World) => Complaint[]): Rule {
  return objectRule(words, (object, world) => {
    const pod = podOf(object);
    return pod ? check(pod, world) : [];
  });
}
