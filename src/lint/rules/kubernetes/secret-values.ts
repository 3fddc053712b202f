import { isRecord, listAt, type Path, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { isSecretName } from "../../secrets/names.ts";
import { isPlaceholder } from "../../secrets/value.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import { podOf } from "./pods.ts";
import { objectRule } from "./rules.ts";

/** SM45 */
export const secretValues = objectRule(
  {
    id: "SM45",
    title: "secrets come from Secrets, not from the manifest",
    help: "Whoever can read the repository can read what is written in a manifest, and so can everybody with `get` on the workload.",
    severity: "error",
    cis: "kubernetes 5.4.1",
    origins: ["env-var-secret", "CKV_K8S_35"],
  },
  (object) => [...environment(object), ...secret(object), ...configMap(object)],
);

function environment(object: KubernetesObject): Complaint[] {
  return (podOf(object)?.containers ?? []).flatMap(({ path, value }) =>
    listAt(value, ["env"]).flatMap((variable, index) => {
      const name = stringAt(variable, ["name"]) ?? "";
      const literal = stringAt(variable, ["value"]);
      if (literal === undefined || !isSecretName(name) || !isSecret(literal)) return [];
      const message = `${name} stands here in plain text: take it from a Secret with \`valueFrom.secretKeyRef\`, and change it`;
      return [tell(object, [...path, "env", index], message)];
    }),
  );
}

/** A Secret whose values are in the file; what an operator decrypts is fine. */
function secret(object: KubernetesObject): Complaint[] {
  if (object.kind !== "Secret" || object.group !== "" || isRecord(object.value.sops)) return [];
  const values: [Path, string][] = [
    ...Object.entries(recordAt(object.value, ["stringData"])).map(([key, value]): [Path, string] => [
      ["stringData", key],
      String(value ?? ""),
    ]),
    ...Object.entries(recordAt(object.value, ["data"])).map(([key, value]): [Path, string] => [
      ["data", key],
      decoded(value),
    ]),
  ];
  return values
    .filter(([path, value]) => isSecret(value) && isSecretName(String(path.at(-1))))
    .map(([path]) =>
      tell(
        object,
        path,
        `the value of ${path.at(-1)} is in the repository: use an ExternalSecret or a sealed one, and change it`,
      ),
    );
}

function configMap(object: KubernetesObject): Complaint[] {
  if (object.kind !== "ConfigMap" || object.group !== "") return [];
  return Object.entries(recordAt(object.value, ["data"])).flatMap(([key, value]) =>
    typeof value === "string" && isSecretName(key) && !value.includes("\n") && isSecret(value)
      ? [
          tell(
            object,
            ["data", key],
            `${key} is a secret: everybody may read a ConfigMap. Put it into a Secret, and change it`,
          ),
        ]
      : [],
  );
}

function isSecret(value: string): boolean {
  // `$(NAME)` is another variable; paths say where a secret lies; flags are none.
  return (
    value.trim() !== "" && !isPlaceholder(value) && !/^\/[\w./-]+$|^(?:true|false|\d{1,5})$|^\$\(/i.test(value.trim())
  );
}

function decoded(value: unknown): string {
  const text = typeof value === "string" ? value.trim() : "";
  if (!/^[A-Za-z\d+/\s]+={0,2}$/.test(text)) return "";
  return Buffer.from(text, "base64").toString("utf8");
}
