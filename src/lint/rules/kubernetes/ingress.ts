import { isRecord, listAt, type Path, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { type KubernetesObject, tell } from "./objects.ts";

export interface Backend {
  name: string;
  /** Number or name. */
  port: number | string | undefined;
  path: Path;
}

/** The Services an Ingress sends requests to; of its older form too. */
export function backendsOf({ value }: KubernetesObject): Backend[] {
  const rules = listAt(value, ["spec", "rules"]).flatMap((rule, at) =>
    listAt(rule, ["http", "paths"]).map((item, index) => ({
      backend: recordAt(item).backend,
      path: ["spec", "rules", at, "http", "paths", index, "backend"],
    })),
  );
  const defaults = ["defaultBackend", "backend"].map((key) => ({
    backend: recordAt(value, ["spec"])[key],
    path: ["spec", key],
  }));
  return [...rules, ...defaults].flatMap(({ backend, path }) => {
    const name = stringAt(backend, ["service", "name"]) ?? stringAt(backend, ["serviceName"]);
    // A load balancer of AWS finds its actions under such names.
    const port =
      recordAt(backend, ["service", "port"]).number ??
      recordAt(backend, ["service", "port"]).name ??
      recordAt(backend).servicePort;
    if (name === undefined || port === "use-annotation") return [];
    return [{ name, port: typeof port === "number" || typeof port === "string" ? port : undefined, path }];
  });
}

/** Annotations by which a controller knows the certificate without `tls`. */
const TLS_ELSEWHERE =
  /certificate|ssl-cert|pre-shared-cert|router\.tls|listen-ports|backend-protocol.*HTTPS|ssl-passthrough|acme|traefik.*entrypoints/i;

/** What an Ingress lacks: encryption, and who is to serve it. */
export function ofIngress(object: KubernetesObject): Complaint[] {
  const annotations = recordAt(object.value, ["metadata", "annotations"]);
  const spec = recordAt(object.value, ["spec"]);
  const found: Complaint[] = [];
  const elsewhere = Object.keys(annotations).some((key) => TLS_ELSEWHERE.test(key));
  if (listAt(spec, ["tls"]).length === 0 && !elsewhere)
    found.push(
      tell(object, ["spec"], "requests come in unencrypted: add `tls` with the hosts and the name of a secret"),
    );
  const old = annotations["kubernetes.io/ingress.class"] !== undefined;
  if (spec.ingressClassName === undefined && !old && isRecord(object.value.spec))
    found.push(tell(object, ["spec"], "any controller or none may serve it: set `ingressClassName`", "note"));
  if (old && spec.ingressClassName === undefined)
    found.push(
      tell(
        object,
        ["metadata", "annotations", "kubernetes.io/ingress.class"],
        "this annotation is obsolete: use `spec.ingressClassName`",
        "note",
      ),
    );
  return found;
}
