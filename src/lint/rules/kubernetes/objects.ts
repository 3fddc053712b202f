import { type Document, isRecord, listAt, type Path, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import { complain } from "../places.ts";

/** An object of a manifest. */
export interface KubernetesObject {
  file: LintFile;
  document: Document;
  /** Where it begins in its document: items of a `List` lie deeper. */
  path: Path;
  apiVersion: string;
  /** `apps` of `apps/v1`; empty for the core. */
  group: string;
  kind: string;
  name: string;
  namespace: string | undefined;
  labels: Record<string, unknown>;
  value: Record<string, unknown>;
}

const known = new WeakMap<LintFile, KubernetesObject[]>();

/** The objects of a file; texts with templates in them that are no YAML have none. */
export function objectsOf(file: LintFile): KubernetesObject[] {
  const found =
    known.get(file) ?? file.documents().flatMap((document) => objectsIn(file, document, document.value, []));
  known.set(file, found);
  return found;
}

function objectsIn(file: LintFile, document: Document, value: unknown, path: Path): KubernetesObject[] {
  const apiVersion = stringAt(value, ["apiVersion"]);
  const kind = stringAt(value, ["kind"]);
  if (!isRecord(value) || apiVersion === undefined || kind === undefined) return [];
  if (kind === "List" && path.length === 0)
    return listAt(value, ["items"]).flatMap((item, index) => objectsIn(file, document, item, ["items", index]));
  const [group = "", version] = apiVersion.split("/");
  return [
    {
      file,
      document,
      path,
      apiVersion,
      group: version === undefined ? "" : group,
      kind,
      name: stringAt(value, ["metadata", "name"]) ?? "",
      namespace: stringAt(value, ["metadata", "namespace"]),
      labels: recordAt(value, ["metadata", "labels"]),
      value,
    },
  ];
}

/** A complaint about a part of an object. */
export function tell(
  { document, path }: Pick<KubernetesObject, "document" | "path">,
  part: Path,
  message: string,
  severity?: Complaint["severity"],
): Complaint {
  return complain(document, [...path, ...part], message, severity ? { severity } : {});
}
