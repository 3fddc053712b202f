import { listAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { ExpectedService, RuleContext } from "../../rule.ts";
import { composeOf, environmentOf } from "../compose/model.ts";
import { purposeOf } from "../compose/purpose.ts";
import { objectsOf, tell } from "../kubernetes/objects.ts";
import { podOf } from "../kubernetes/pods.ts";
import { worldOf } from "../kubernetes/world.ts";
import { complain } from "../places.ts";

/** Secrets that a service reads and its container is not given. */
export function unwired(file: LintFile, context: RuleContext): Complaint[] {
  const compose = composeOf(file, context);
  if (purposeOf(compose, context) !== "production") return [];
  return compose.services.flatMap(({ name, value, path, open }) => {
    const service = context.services.find((expected) => expected.name === name);
    if (!service || open || "env_file" in value || "secrets" in value || "configs" in value) return [];
    const given = new Set(environmentOf(value).map((variable) => variable.name));
    const missing = missingOf(service, given);
    if (missing === "") return [];
    return [
      complain(compose.document, path, `${name} reads ${missing}, which nothing gives it: add environment or env_file`),
    ];
  });
}

/** The same of the containers of a cluster, where no patch and no tool can add to what is written. */
export function unwiredPods(file: LintFile, context: RuleContext): Complaint[] {
  const world = worldOf(context);
  const patched = world.kustomizations.some(({ value }) =>
    ["patches", "patchesStrategicMerge", "patchesJson6902", "components", "transformers"].some((key) => key in value),
  );
  if (patched || world.isFragment(file.path)) return [];
  return objectsOf(file).flatMap((object) => {
    const pod = podOf(object);
    if (!pod || !["Deployment", "StatefulSet"].includes(object.kind)) return [];
    return pod.containers.flatMap(({ name, path, value, init }) => {
      const service = context.services.find((expected) => expected.name === name);
      // An injected secret leaves a mark in the annotations of the pod; a file is mounted.
      if (!service || init || "envFrom" in value || INJECTED.test(JSON.stringify(object.value))) return [];
      const names = listAt(value, ["env"]).map((item) => stringAt(item, ["name"]) ?? "");
      const missing = missingOf(service, new Set(names));
      return missing === ""
        ? []
        : [tell(object, path, `${name} reads ${missing}, which nothing gives it: add it to env by a secretKeyRef`)];
    });
  });
}

const INJECTED = /vault\.hashicorp\.com\/|"csi":|"secret":\{|infisical|doppler/;

/** The secrets that a service reads and is not given, also not as a file. */
function missingOf({ env }: ExpectedService, given: ReadonlySet<string>): string {
  return env
    .filter(({ name, class: kind }) => kind === "secret" && !given.has(name) && !given.has(`${name}_FILE`))
    .map(({ name }) => name)
    .sort()
    .join(", ");
}
