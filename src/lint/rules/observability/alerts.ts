import { type Path, recordAt, stringAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";
import { complain } from "../places.ts";
import { type RuleGroup, ruleGroupsOf } from "./groups.ts";
import { lostSeries, toldOf } from "./series.ts";
import { testsOf } from "./unit-tests.ts";

type AlertRule = RuleGroup["rules"][number];

/** What is asked of alerts and recorded series. */
export function alertComplaints(file: LintFile, context: RuleContext): Complaint[] {
  const groups = ruleGroupsOf(file);
  return [
    ...doubled(groups),
    ...lost(groups, context),
    ...groups.flatMap((group) =>
      group.rules.flatMap((rule) => (isAlert(rule) ? ofAlert(file, group, rule, context) : ofRecord(group, rule))),
    ),
    ...untested(file, groups, context),
  ];
}

/** Series that alerts and recorded series ask for and no code makes. */
function lost(groups: readonly RuleGroup[], context: RuleContext): Complaint[] {
  return groups.flatMap(({ document, rules }) =>
    rules.flatMap(({ path, value }) => {
      const expression = stringAt(value, ["expr"]);
      if (expression === undefined || expression.includes("{{")) return [];
      return lostSeries(expression, context).map((series) => complain(document, [...path, "expr"], ...toldOf(series)));
    }),
  );
}

function isAlert({ value }: AlertRule): boolean {
  return value.alert !== undefined;
}

function doubled(groups: readonly RuleGroup[]): Complaint[] {
  return groups.flatMap(({ document, path, name }, index) => {
    if (name === "") return [complain(document, path, "a group needs a name", { severity: "error" })];
    const first = groups.findIndex((other) => other.name === name && other.document === document);
    return first === index
      ? []
      : [
          complain(document, [...path, "name"], `two groups are called ${name}: Prometheus takes none of the file`, {
            severity: "error",
          }),
        ];
  });
}

const DURATION = /^(?:0|(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$/;

function ofAlert(
  file: LintFile,
  { document }: RuleGroup,
  { path, value }: AlertRule,
  context: RuleContext,
): Complaint[] {
  const found: Complaint[] = [];
  const say = (part: Path, message: string, severity?: Complaint["severity"]) =>
    found.push(complain(document, [...path, ...part], message, severity ? { severity } : {}));
  const name = stringAt(value, ["alert"]) ?? "";
  if (name === "") say(["alert"], "an alert needs a name", "error");
  if (value.record !== undefined) say(["record"], "a rule is an alert or a record, not both", "error");
  const expression = stringAt(value, ["expr"]);
  if (expression === undefined) say([], `${name} has no \`expr\``, "error");
  const waits = value.for === undefined ? undefined : String(value.for);
  if (waits === undefined) {
    // Several windows wait by themselves; something absent is so for a while already.
    if (!isBurnRate(name, expression) && !/\babsent(?:_over_time)?\s*\(/.test(expression ?? ""))
      say(["alert"], `${name} fires at the first odd sample: add \`for: 5m\``);
  } else if (!DURATION.test(waits)) say(["for"], `"${waits}" is no duration: write 5m`, "error");
  const labels = recordAt(value, ["labels"]);
  const notes = recordAt(value, ["annotations"]);
  if (!["severity", "priority", "level"].some((key) => labels[key] !== undefined))
    say(["alert"], `${name} has no label \`severity\`: who is called for it?`);
  if (notes.summary === undefined && notes.message === undefined && notes.title === undefined)
    say(["alert"], `${name} has no \`summary\`: say in a sentence what is wrong`);
  runbook(file, notes, context, say, name);
  if (expression !== undefined && isBurnRate(name, expression) && windowsOf(expression).size < 2)
    say(
      ["expr"],
      `${name} looks at one window: also ask a shorter one with \`and\`, so that it ends when the errors do`,
    );
  return found;
}

const RUNBOOK_KEYS = ["runbook_url", "runbook", "runbookURL", "runbook_uri"];

function runbook(
  file: LintFile,
  notes: Record<string, unknown>,
  { tree }: RuleContext,
  say: (part: Path, message: string, severity?: Complaint["severity"]) => void,
  name: string,
): void {
  const key = RUNBOOK_KEYS.find((candidate) => notes[candidate] !== undefined);
  if (key === undefined) {
    say(["alert"], `${name} has no \`runbook_url\`: link the page that says what to do`, "note");
    return;
  }
  const url = String(notes[key]);
  if (/^[a-z][a-z\d+.-]*:|^\/\/|\{\{|\$/i.test(url)) return;
  const [path = ""] = url.split(/[#?]/);
  const places = [joinPath(".", path.replace(/^\//, "")), joinPath(folderOf(file.path), path)];
  if (path !== "" && !places.some((place) => place !== undefined && tree.has(place)))
    say(["annotations", key], `there is no ${path} in this repository: write the page, or correct the path`);
}

/** Whether an alert is about how fast an error budget is used up. */
function isBurnRate(name: string, expression = ""): boolean {
  // 14.4 times the budget in an hour is two per cent of that of a month.
  return /burn/i.test(name) || /\b14\.4\b/.test(expression);
}

/** The time windows that an expression looks at, in brackets or in the names of recorded series (`:rate5m`). */
function windowsOf(expression: string): Set<string> {
  const ranges = [...expression.matchAll(/\[\s*(\w+)\s*\]/g)].map(([, range = ""]) => range);
  const names = [...expression.matchAll(/(?:rate|ratio|increase|burn|errors?|:)_?(\d+(?:ms|[smhdwy]))\b/g)].map(
    ([, range = ""]) => range,
  );
  return new Set([...ranges, ...names]);
}

function ofRecord({ document }: RuleGroup, { path, value }: AlertRule): Complaint[] {
  const name = stringAt(value, ["record"]);
  if (name === undefined)
    return [complain(document, path, "a rule is an `alert` or a `record`", { severity: "error" })];
  const found: Complaint[] = [];
  const say = (part: Path, message: string) =>
    found.push(complain(document, [...path, ...part], message, { severity: "error" }));
  if (!/^[A-Za-z_:][\w:]*$/.test(name)) say(["record"], `"${name}" is no name of a series`);
  if (stringAt(value, ["expr"]) === undefined) say([], `${name} has no \`expr\``);
  for (const key of ["for", "annotations", "keep_firing_for"])
    if (value[key] !== undefined) say([key], `\`${key}\` belongs to alerts, not to recorded series`);
  return found;
}

/** Alerts that no unit test is about; told once where there are no tests at all. */
function untested(file: LintFile, groups: readonly RuleGroup[], context: RuleContext): Complaint[] {
  // Promtool reads rules of Prometheus itself, not those of its operator.
  if (file.kind !== "prometheus-rules") return [];
  const alerts = groups.flatMap(({ document, rules }) => rules.filter(isAlert).map((rule) => ({ document, rule })));
  const [first] = alerts;
  if (!first) return [];
  const tests = testsOf(file, context);
  if (!tests)
    return [
      complain(
        first.document,
        first.rule.path,
        "no unit test is about these alerts: add one for `promtool test rules`",
        { severity: "note" },
      ),
    ];
  return alerts
    .filter(({ rule }) => !tests.has(String(rule.value.alert)))
    .map(({ document, rule }) =>
      complain(
        document,
        [...rule.path, "alert"],
        `no unit test is about ${rule.value.alert}: add an \`alert_rule_test\``,
      ),
    );
}
