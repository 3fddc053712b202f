import { type DotenvEntry, parseDotenv } from "../../../formats/dotenv.ts";
import { folderOf } from "../../../formats/tree.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { ExpectedService, Rule, RuleContext } from "../../rule.ts";
import { judgeValue } from "../../secrets/assignments.ts";
import { isPublicName, isSecretName } from "../../secrets/names.ts";
import { scanSecrets } from "../../secrets/scan.ts";
import { unknownTo } from "./unread.ts";
import { unwired, unwiredPods } from "./wiring.ts";

const MOST_NAMES = 8;

/** SM60 */
export const envExample: Rule = {
  id: "SM60",
  title: "the sample of variables is the inventory and has no real value",
  help: "Whoever sets the application up copies this file: a variable that is missing in it is found when production starts, a real value in it is known to everybody.",
  severity: "warning",
  origins: [],
  kinds: ["dotenv-example", "compose", "kubernetes"],
  check(file, context) {
    if (file.kind === "compose") return unwired(file, context);
    if (file.kind === "kubernetes") return unwiredPods(file, context);
    const entries = parseDotenv(file.text);
    return [
      ...values(file, entries),
      ...repeated(entries),
      ...inventory(file, entries, context),
      ...unknownTo(file, entries, context),
    ];
  },
};

function values(file: LintFile, entries: readonly DotenvEntry[]): Complaint[] {
  // What shows by itself which secret it is has a finding of its own.
  const known = new Set(scanSecrets(file.path, file.text, { assignments: false }).map(({ line }) => line));
  return entries.flatMap(({ key, value, line, column }) => {
    if (isPublicName(key) && /SECRET|PASSWORD|PRIVATE_KEY/.test(key))
      return [
        {
          line,
          column,
          severity: "error",
          message: `${key} is compiled into the page, where everybody reads it: a secret needs another name`,
        },
      ];
    if (known.has(line) || value === "" || !isSecretName(key) || !judgeValue(key, value)) return [];
    return [
      {
        line,
        column,
        severity: "error",
        message: `${key} has a value that looks real: leave it empty, and replace it where it is used`,
      },
    ];
  });
}

function repeated(entries: readonly DotenvEntry[]): Complaint[] {
  return entries.flatMap(({ key, line, column }, index) => {
    const first = entries.findIndex((entry) => entry.key === key);
    return first === index
      ? []
      : [{ line, column, message: `${key} stands in line ${entries[first]?.line} too: only one of them counts` }];
  });
}

function inventory(file: LintFile, entries: readonly DotenvEntry[], { services }: RuleContext): Complaint[] {
  const own = servicesOf(file, services);
  const read = own.flatMap(({ env }) => env).filter((variable) => variable.class !== "provided");
  if (read.length === 0) return [];
  // A name in a comment (`# SMTP_HOST=`) is told too.
  const told = new Set([
    ...entries.map(({ key }) => key),
    ...[...file.text.matchAll(/^\s*#\s*([A-Z][A-Z\d_]+)\s*=/gm)].map(([, name = ""]) => name),
  ]);
  const missing = [...new Set(read.map(({ name }) => name))].filter((name) => !told.has(name)).sort();
  if (missing.length === 0) return [];
  const names =
    missing.length > MOST_NAMES
      ? `${missing.slice(0, MOST_NAMES).join(", ")} and ${missing.length - MOST_NAMES} more`
      : missing.join(", ");
  return [
    {
      line: 1,
      column: 1,
      message: `${own.map(({ name }) => name).join(", ")} read${own.length === 1 ? "s" : ""} variables that are not here: ${names}`,
    },
  ];
}

/** The services that a sample is for: those of its folder; at the root, all that have none of their own. */
function servicesOf({ path }: LintFile, services: readonly ExpectedService[]): readonly ExpectedService[] {
  const folder = folderOf(path);
  const here = services.filter((service) => service.path === folder);
  return here.length > 0 || folder !== "." ? here : services;
}
