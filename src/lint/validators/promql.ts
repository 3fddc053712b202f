import { parser } from "@prometheus-io/lezer-promql";
import { listAt, stringAt } from "../../formats/document.ts";
import type { Complaint } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";
import { panelsOf } from "../rules/observability/dashboard.ts";
import { ruleGroupsOf } from "../rules/observability/groups.ts";
import { complain } from "../rules/places.ts";
import type { Validator } from "./validator.ts";

/** Every expression of rules and dashboards. */
export const promql: Validator = {
  id: "promql",
  kinds: ["prometheus-rules", "kubernetes", "grafana"],
  validate: async (file) => (file.kind === "grafana" ? ofDashboard(file) : ofRules(file)),
};

function ofRules(file: LintFile): Complaint[] {
  return ruleGroupsOf(file).flatMap(({ document, rules }) =>
    rules.flatMap(({ path, value }) => {
      const text = stringAt(value, ["expr"]);
      // What a chart fills in is no expression yet.
      if (text === undefined || text.includes("{{")) return [];
      const fault = faultOf(text);
      return fault ? [complain(document, [...path, "expr"], fault)] : [];
    }),
  );
}

/** Types of data sources that speak PromQL; a panel that names none has that of the dashboard. */
const SPEAKS = /^(?:prometheus|mimir|thanos|victoriametrics\w*|cortex|amazonprometheus.*|grafana-amazonprometheus.*)$/i;

function ofDashboard(file: LintFile): Complaint[] {
  return file.documents().flatMap((document) =>
    panelsOf(document).flatMap(({ path, value }) =>
      listAt(value, ["targets"]).flatMap((target, index) => {
        const text = stringAt(target, ["expr"]);
        const type = stringAt(target, ["datasource", "type"]) ?? stringAt(value, ["datasource", "type"]);
        // Loki and others have queries of the same name; without a type nobody knows whose it is.
        if (text === undefined || type === undefined || !SPEAKS.test(type)) return [];
        const fault = faultOf(withoutVariables(text));
        return fault ? [complain(document, [...path, "targets", index, "expr"], fault)] : [];
      }),
    ),
  );
}

/** An expression with the variables of Grafana as what may stand in their place: a duration in brackets, a name elsewhere. */
export function withoutVariables(text: string): string {
  const variable = /\$\{\w+(?:[.:][\w.:]+)?\}|\$\w+|\[\[\w+(?::\w+)?\]\]/g;
  return text
    .replace(/\[\s*(?:\$\{\w+(?::\w+)?\}|\$\w+|\[\[\w+\]\])\s*(:[^\]]*)?\]/g, (_, step?: string) =>
      step ? "[5m:1m]" : "[5m]",
    )
    .replace(/\boffset\s+(?:\$\{\w+\}|\$\w+)/g, "offset 5m")
    .replace(/(["'])(?:(?!\1).)*\1/g, (quoted) => quoted.replace(variable, "x"))
    .replace(variable, "x");
}

/** What is wrong with an expression; undefined for a sound one. */
function faultOf(text: string): string | undefined {
  if (text.trim() === "") return "there is no expression";
  let at: { from: number; to: number } | undefined;
  parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError && !at) at = { from, to };
      return at === undefined;
    },
  });
  if (!at) return undefined;
  const near = text
    .slice(Math.max(0, at.from - 20), Math.max(at.to, at.from + 10))
    .replace(/\s+/g, " ")
    .trim();
  return `no PromQL near \`${near}\``;
}
