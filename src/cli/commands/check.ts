import { readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { createLocalHost } from "../../exec/local-host.ts";
import { hasContainers, loopbackFindings } from "../../generate/loopback.ts";
import { type CheckOptions, checkFiles, contextOf, withSuppressed } from "../../lint/check.ts";
import type { Finding } from "../../lint/finding.ts";
import { type FixedFile, fixFiles } from "../../lint/fix.ts";
import { RULES } from "../../lint/registry.ts";
import { sarifOf } from "../../lint/sarif.ts";
import { runTools, type ToolOutcome } from "../../lint/tools/run-tools.ts";
import { reportOf } from "../../scan/report.ts";
import { scanUnits } from "../../scan/scan.ts";
import { annotations, checkLines, checkReport, ruleLines, toolLines } from "../check-files-lines.ts";
import { type CheckScope, checkScope } from "../check-scope.ts";
import { compileQuickly } from "../compile-quickly.ts";
import { expectedServices } from "../expected-services.ts";
import { badUsage, givenPath } from "../failure.ts";
import { encodeLike } from "../kept-line-ends.ts";
import { note, print, printJson } from "../output.ts";
import { safeText } from "../scan-values.ts";
import type { GlobalOptions } from "../session.ts";

interface Options extends GlobalOptions {
  fix?: boolean;
  sarif?: boolean;
  github?: boolean;
  rules?: boolean;
  tools?: boolean;
}

const VERSION = "0.1.0";
const DEADLINE_MS = 10_000;

/** Lints infrastructure files and looks for secrets; exit code 1 where an error counts. */
export async function run(options: Options, path = "."): Promise<void> {
  compileQuickly();
  if (options.json && options.sarif) throw badUsage("--json and --sarif are two forms of the same", "choose one");
  if (options.rules) return tellRules(options);
  const scope = checkScope(givenPath(path, "the path"), options);
  const { findings: found, fixed } = await check(scope, options.fix ?? false);
  const outcomes = options.tools ? await judgedByTools(scope) : [];
  const findings = [...scope.findings, ...found, ...outcomes.flatMap((outcome) => outcome.findings)];
  if (options.sarif) printJson(sarifOf(findings, { tree: scope.tree, version: VERSION, prefix: scope.prefix }));
  else if (options.json) printJson(checkReport(findings, fixed));
  else {
    for (const line of unlooked(scope)) note(line);
    for (const line of [...checkLines(findings, fixed), ...toolLines(outcomes)]) print(line);
  }
  const annotates = options.github ?? Boolean(process.env.GITHUB_ACTIONS);
  if (annotates && !options.sarif && !options.json) for (const line of annotations(findings, scope.prefix)) print(line);
  if (findings.some(({ severity, suppressed }) => severity === "error" && !suppressed)) process.exitCode = 1;
}

const MOST_UNLOOKED = 10;

/** What was not looked at: nothing found there says nothing. What could not be parsed has a line, and is a finding. */
function unlooked({ snapshot }: CheckScope): string[] {
  const found = snapshot.warnings.filter(({ line }) => line === undefined);
  const rest = found.length - MOST_UNLOOKED;
  return [
    ...found
      .slice(0, MOST_UNLOOKED)
      .map(({ message, file }) => `not checked: ${safeText(file === undefined ? message : `${file}: ${message}`)}`),
    ...(rest > 0 ? [`not checked: ${rest} more`] : []),
  ];
}

function tellRules({ json }: Options): void {
  const rows = RULES.map(({ id, title, severity, cis = null, origins, kinds }) => ({
    id,
    title,
    severity,
    cis,
    origins,
    kinds,
  }));
  if (json) printJson({ rules: rows });
  else for (const line of ruleLines(RULES)) print(line);
}

async function check(scope: CheckScope, fix: boolean): Promise<{ findings: Finding[]; fixed: FixedFile[] }> {
  const { tree, only, suppressions, own } = scope;
  const report = reportOf(scanUnits(own));
  const today = new Date().toISOString().slice(0, 10);
  const loopback = hasContainers(tree.paths) ? loopbackFindings(report).filter(({ file }) => only.includes(file)) : [];
  const running = withSuppressed(loopback, { suppressions, today });
  const options: CheckOptions = {
    tree,
    only,
    suppressions,
    services: expectedServices(report),
    today,
  };
  if (!fix) return { findings: [...(await checkFiles(options)), ...running], fixed: [] };
  const { files, findings } = await fixFiles(options);
  for (const file of files) await write(scope, file);
  return { findings: [...findings, ...running], fixed: files };
}

/** What installed programs say; Ctrl-C ends them. */
async function judgedByTools({ root, tree, own }: CheckScope): Promise<ToolOutcome[]> {
  const services = expectedServices(reportOf(scanUnits(own)));
  return runTools({ context: contextOf({ tree, services }), root });
}

/** Replaces a file as a whole; line ends, byte order mark and mode stay. */
async function write({ root }: CheckScope, { path, text }: FixedFile): Promise<void> {
  const target = realpathSync(join(root, path));
  const mode = statSync(target).mode & 0o777;
  await createLocalHost().write(target, encodeLike(readFileSync(target), text), { mode, deadlineMs: DEADLINE_MS });
}
