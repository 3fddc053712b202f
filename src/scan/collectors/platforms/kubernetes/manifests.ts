import { type Document, isRecord, type Path, recordAt, stringAt } from "../../../../formats/document.ts";
import { baseOf, extensionOf, folderOf } from "../../../../formats/tree.ts";
import { isAside } from "../../../application-code.ts";
import type { Snapshot } from "../../../snapshot.ts";

/** A workload of a manifest, and where its containers stand. */
export interface Workload {
  file: string;
  document: Document;
  kind: string;
  name: string;
  /** Path of the specification of its pods. */
  pods: Path;
}

/** Kinds that run containers, and where their pods are described. */
const PODS: Record<string, Path> = {
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
  Pod: ["spec"],
  Rollout: ["spec", "template", "spec"],
};
const KIND =
  /^kind:\s*["']?(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod|Rollout|Service|Kustomization)\b/m;
const SERVICE = /^apiVersion:\s*["']?serving\.knative\.dev\//m;
/** A repository of manifests holds thousands; the application's own are near the root. */
const MOST_FILES = 400;

const known = new WeakMap<Snapshot, string[]>();

/** Files with manifests, nearest to the root first. Templates of Helm are none: they are no YAML. */
export function manifestFiles(snapshot: Snapshot): string[] {
  const files = known.get(snapshot) ?? find(snapshot);
  known.set(snapshot, files);
  return files;
}

function find(snapshot: Snapshot): string[] {
  const depth = (path: string) => path.split("/").length;
  const all = [...snapshot.withExtension("yaml"), ...snapshot.withExtension("yml")]
    .filter(mayHold)
    .toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  return all.slice(0, MOST_FILES).filter((path) => {
    const text = snapshot.text(path) ?? "";
    return /^apiVersion:/m.test(text) && (KIND.test(text) || SERVICE.test(text)) && !/\{\{/.test(text);
  });
}

function mayHold(path: string): boolean {
  const folder = folderOf(path);
  if (isAside(folder) || /(?:^|\/)(?:templates|charts|crds?|node_modules|locales?|i18n)(?:\/|$)/.test(folder))
    return false;
  return (
    !/^(?:pnpm-lock|docker-compose.*|compose.*|values.*|Chart|mkdocs|openapi|swagger|\..*)\.ya?ml$/i.test(
      baseOf(path),
    ) && extensionOf(path) !== ""
  );
}

/** The workloads of a file. */
export function workloadsOf(snapshot: Snapshot, file: string): Workload[] {
  return snapshot.yamlStream(file).flatMap((document): Workload[] => {
    const { value } = document;
    const kind = stringAt(value, ["kind"]) ?? "";
    const isKnative = kind === "Service" && stringAt(value, ["apiVersion"])?.startsWith("serving.knative.dev") === true;
    const pods = isKnative ? PODS.Deployment : Object.hasOwn(PODS, kind) ? PODS[kind] : undefined;
    if (!pods || !isRecord(value)) return [];
    return [{ file, document, kind, name: stringAt(recordAt(value, ["metadata"]), ["name"]) ?? "", pods }];
  });
}
