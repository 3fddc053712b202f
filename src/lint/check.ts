import { lazy } from "../core/lazy.ts";
import type { Tree } from "../formats/tree.ts";
import type { Complaint, Finding } from "./finding.ts";
import { type Judged, judge } from "./judge.ts";
import { kindOf, mayHaveKind } from "./kinds.ts";
import { type LintFile, lintFile } from "./lint-file.ts";
import { RULES } from "./registry.ts";
import type { ExpectedService, RuleContext } from "./rule.ts";
import { mayHoldSecrets } from "./secrets/files.ts";
import { withoutSecrets } from "./secrets/hide.ts";
import { scanSecrets } from "./secrets/scan.ts";
import { brokenComments, IGNORE, manifestSuppressor, reasonInComment, type Suppression } from "./suppressions.ts";
import { VALIDATORS } from "./validators/registry.ts";

export interface CheckOptions {
  tree: Tree;
  /** Only these files are judged; all of the tree by default. */
  only?: readonly string[];
  services?: readonly ExpectedService[];
  suppressions?: readonly Suppression[];
  /** Today as YYYY-MM-DD, for suppressions that end. */
  today: string;
}

/** Larger files are data, not configuration. */
const MOST_CHARACTERS = 1 << 20;
/** Kinds whose settings a rule of their own judges, so that the secret scan looks for tokens only. */
const OWN_SETTINGS: ReadonlySet<string> = new Set(["dockerfile", "compose", "dotenv-example"]);

/** What else has findings that may be suppressed like those of rules: programs, and the comparison of files with their plan. */
const OTHER_IDS = new Set([
  "manifest",
  "readback",
  "promtool",
  "terraform-fmt",
  "terraform-validate",
  "kustomize",
  "helm",
  "shellcheck",
  "caddy",
  "tsc",
]);

/**
 * Judges infrastructure files (rules, and the validators that need no program) and looks for secrets in all files. Findings by
 * file and line; suppressed ones say why. Never throws: a rule that does is a finding.
 */
export async function checkFiles(options: CheckOptions): Promise<Finding[]> {
  const { tree, only = tree.paths, suppressions = [], today } = options;
  const fileAt = fileReader(tree);
  const context = contextOf(options, fileAt);
  const found: Finding[] = [];
  for (const path of only) {
    const file = fileAt(path);
    const text = file?.text ?? (mayHoldSecrets(path) ? textOf(tree, path) : undefined);
    if (text === undefined) continue;
    const complaints = file ? await judge(file, context) : [];
    if (mayHoldSecrets(path))
      complaints.push(...scanSecrets(path, text, { assignments: !file || !OWN_SETTINGS.has(file.kind) }));
    found.push(...withComments(path, text, file, complaints));
  }
  return unique(withSuppressed(found, { suppressions, today })).toSorted(byPlace);
}

/** Findings with what the manifest says of them at a day. */
export function withSuppressed(
  findings: readonly Finding[],
  { suppressions = [], today }: Pick<CheckOptions, "suppressions" | "today">,
): Finding[] {
  const suppressed = manifestSuppressor(suppressions, today);
  return findings.map((finding) => withManifest(finding, suppressed(finding)));
}

/** What rules and programs may look at beside a file. */
export function contextOf(
  { tree, services = [] }: Pick<CheckOptions, "tree" | "services">,
  fileAt = fileReader(tree),
): RuleContext {
  const files = lazy(() => filesAt(tree.paths, fileAt));
  return {
    tree,
    get files() {
      return files();
    },
    services,
  };
}

/** Reads each file that some rule is about once. */
function fileReader(tree: Tree): (path: string) => LintFile | undefined {
  const known = new Map<string, LintFile | undefined>();
  return (path) => {
    if (!known.has(path)) {
      const text = mayHaveKind(path) ? textOf(tree, path) : undefined;
      const kind = text === undefined ? undefined : kindOf(path, text);
      known.set(path, text === undefined || kind === undefined ? undefined : lintFile(path, kind, text));
    }
    return known.get(path);
  };
}

/** The findings of a file with what its comments say of them; most files have no such comment. */
function withComments(
  path: string,
  text: string,
  file: LintFile | undefined,
  complaints: readonly Judged[],
): Finding[] {
  const own = complaints.map((complaint): Finding => ({ ...complaint, file: path }));
  if (!text.includes(IGNORE)) return withoutSecrets(own, text);
  const source = file ?? { lines: text.split("\n") };
  const broken = brokenComments(source, isRule).map((complaint): Finding => ({ ...asWarning(complaint), file: path }));
  return withoutSecrets([...own, ...broken], text).map((complaint) => {
    const reason = reasonInComment(source, complaint);
    return { ...complaint, ...(reason === undefined ? {} : { suppressed: { reason, by: "comment" } }) };
  });
}

function asWarning(complaint: Complaint): Judged {
  return { ...complaint, rule: "suppression", severity: "warning" };
}

function filesAt(paths: readonly string[], fileAt: (path: string) => LintFile | undefined): LintFile[] {
  return paths.flatMap((path) => fileAt(path) ?? []);
}

function textOf(tree: Tree, path: string): string | undefined {
  const text = tree.text(path);
  return text === undefined || text.length > MOST_CHARACTERS ? undefined : text;
}

function withManifest(finding: Finding, said: { reason: string; ended?: string } | undefined): Finding {
  if (!said || finding.suppressed) return finding;
  if (said.ended === undefined) return { ...finding, suppressed: { reason: said.reason, by: "manifest" } };
  return { ...finding, message: `${finding.message} (its suppression "${said.reason}" ended on ${said.ended})` };
}

/** Whether findings of this id exist, so that a suppression of it means something. */
export function isRule(id: string): boolean {
  return (
    id === "unreadable" ||
    OTHER_IDS.has(id) ||
    id.startsWith("secret-") ||
    RULES.some((rule) => rule.id === id) ||
    VALIDATORS.some((judge) => judge.id === id)
  );
}

function unique(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(
      findings.map((found) => [[found.rule, found.file, found.line, found.message].join("\0"), found]),
    ).values(),
  ];
}

function byPlace(a: Finding, b: Finding): number {
  return order(a.file, b.file) || a.line - b.line || order(a.rule, b.rule);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
