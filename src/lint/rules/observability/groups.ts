import { type Document, isRecord, listAt, type Path, stringAt } from "../../../formats/document.ts";
import type { LintFile } from "../../lint-file.ts";

export interface RuleGroup {
  document: Document;
  path: Path;
  name: string;
  rules: { path: Path; value: Record<string, unknown> }[];
}

/** The groups of rules in a file: of Prometheus itself, or in a `PrometheusRule` of its operator. */
export function ruleGroupsOf(file: LintFile): RuleGroup[] {
  return file.documents().flatMap((document) => {
    if (file.kind === "kubernetes" && stringAt(document.value, ["kind"]) !== "PrometheusRule") return [];
    const base = file.kind === "kubernetes" ? ["spec", "groups"] : ["groups"];
    return listAt(document.value, base).flatMap((group, index) =>
      isRecord(group) ? [groupAt(document, group, [...base, index])] : [],
    );
  });
}

function groupAt(document: Document, group: Record<string, unknown>, path: Path): RuleGroup {
  const rules = listAt(group, ["rules"]).flatMap((value, index) =>
    isRecord(value) ? [{ path: [...path, "rules", index], value }] : [],
  );
  return { document, path, name: stringAt(group, ["name"]) ?? "", rules };
}
