import { type Document, isRecord, listAt, type Path, stringAt, valueAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";
import { withoutVariables } from "../../validators/promql.ts";
import { complain } from "../places.ts";
import { dashboardPath, panelsOf } from "./dashboard.ts";
import { lostSeries, toldOf } from "./series.ts";

/** What is asked of a dashboard that more than one Grafana is to show. */
export function dashboardComplaints(file: LintFile, context: RuleContext): Complaint[] {
  const { files } = context;
  return file.documents().flatMap((document) => {
    const base = dashboardPath(document);
    if (!isRecord(valueAt(document.value, base))) return [];
    const found: Complaint[] = [];
    const uid = stringAt(document.value, [...base, "uid"]);
    if (uid === undefined)
      found.push(
        complain(document, base, "without a `uid` each import makes another copy: give the dashboard one", {
          severity: "note",
        }),
      );
    const twin =
      uid === undefined
        ? undefined
        : files.find((other) => other !== file && other.kind === "grafana" && uidOf(other) === uid);
    if (twin)
      found.push(
        complain(document, [...base, "uid"], `${twin.path} has the same \`uid\`: Grafana keeps one of them only`, {
          severity: "error",
        }),
      );
    if (valueAt(document.value, [...base, "schemaVersion"]) === undefined)
      found.push(complain(document, base, "without `schemaVersion` Grafana reads it as one of its oldest"));
    return [...found, ...fixedSource(document, base), ...lost(document, context)];
  });
}

function uidOf(file: LintFile): string | undefined {
  const [document] = file.documents();
  return document && stringAt(document.value, [...dashboardPath(document), "uid"]);
}

/** Series that panels ask for and no code makes. */
function lost(document: Document, context: RuleContext): Complaint[] {
  return panelsOf(document).flatMap(({ path, value }) =>
    listAt(value, ["targets"]).flatMap((target, index) =>
      lostSeries(withoutVariables(stringAt(target, ["expr"]) ?? ""), context).map((series) =>
        complain(document, [...path, "targets", index, "expr"], ...toldOf(series)),
      ),
    ),
  );
}

/** Sources that every Grafana has. */
const BUILT_IN = /^(?:-- (?:Grafana|Mixed|Dashboard) --|grafana|__expr__|-100)$/;

/** A data source by its uid is that of one Grafana; told at the first panel that names it. */
function fixedSource(document: Parameters<typeof dashboardPath>[0], base: Path): Complaint[] {
  const variables = listAt(document.value, [...base, "templating", "list"]);
  const inputs = listAt(document.value, ["__inputs"]).length > 0;
  const places = panelsOf(document).flatMap(({ path, value }) => [
    { path: [...path, "datasource"], source: value.datasource },
    ...listAt(value, ["targets"]).map((target, index) => ({
      path: [...path, "targets", index, "datasource"],
      source: isRecord(target) ? target.datasource : undefined,
    })),
  ]);
  const fixed = places.find(({ source }) => {
    const uid = stringAt(source) ?? stringAt(source, ["uid"]);
    return uid !== undefined && !uid.includes("$") && !BUILT_IN.test(uid);
  });
  if (!fixed || inputs) return [];
  const has = variables.some((variable) => stringAt(variable, ["type"]) === "datasource");
  const how = has ? "use the variable of the dashboard" : "add a variable of the type `datasource` and use it";
  return [complain(document, fixed.path, `this data source is in one Grafana only: ${how}, as \`\${datasource}\``)];
}
