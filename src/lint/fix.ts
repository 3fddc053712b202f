import type { Tree } from "../formats/tree.ts";
import { type CheckOptions, checkFiles } from "./check.ts";
import type { Edit, Finding } from "./finding.ts";

const MOST_ROUNDS = 5;

export interface FixedFile {
  path: string;
  text: string;
  fixes: { rule: string; line: number; description: string }[];
}

export interface FixResult {
  files: FixedFile[];
  /** What is left. */
  findings: Finding[];
}

/**
 * Carries out the fixes of all findings that count, in memory, and judges the result. A file whose fixes bring an error that was
 * not there stays as it was.
 */
export async function fixFiles(options: CheckOptions): Promise<FixResult> {
  const texts = new Map<string, string>();
  const files = new Map<string, FixedFile>();
  const refused = new Set<string>();
  const tree = overlay(options.tree, texts);
  let findings = await checkFiles({ ...options, tree });
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = new Map(texts);
    const changed = [...Map.groupBy(findings.filter(isFixable), ({ file }) => file)].filter(
      ([path]) => !refused.has(path),
    );
    const applied = changed.map(([path, own]) => ({ path, ...applyFixes(tree.text(path) ?? "", own) }));
    if (applied.length === 0) break;
    for (const { path, text } of applied) texts.set(path, text);
    const after = await checkFiles({ ...options, tree });
    const worse = applied.filter(({ path }) => errorsIn(after, path) > errorsIn(findings, path));
    for (const { path, text, done } of applied.filter((one) => !worse.includes(one))) {
      const fixes = done.map(({ rule, line, fix }) => ({ rule, line, description: fix?.description ?? "" }));
      files.set(path, { path, text, fixes: [...(files.get(path)?.fixes ?? []), ...fixes] });
    }
    for (const { path } of worse) {
      refused.add(path);
      const old = before.get(path);
      if (old === undefined) texts.delete(path);
      else texts.set(path, old);
    }
    findings = worse.length === 0 ? after : await checkFiles({ ...options, tree });
  }
  return { files: [...files.values()], findings };
}

/** The text with the fixes of findings; of two that touch each other only the first is done. */
function applyFixes(text: string, findings: readonly Finding[]): { text: string; done: Finding[] } {
  const done: Finding[] = [];
  const edits: Edit[] = [];
  for (const finding of findings) {
    const own = finding.fix?.edits ?? [];
    if (own.length === 0 || own.some((edit) => !isInside(edit, text) || edits.some((other) => touch(edit, other))))
      continue;
    edits.push(...own);
    done.push(finding);
  }
  const mended = edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((at, edit) => at.slice(0, edit.start) + edit.text + at.slice(edit.end), text);
  return { text: mended, done };
}

function isFixable({ fix, suppressed }: Finding): boolean {
  return fix !== undefined && !suppressed;
}

function isInside({ start, end }: Edit, text: string): boolean {
  return start >= 0 && start <= end && end <= text.length;
}

function touch(a: Edit, b: Edit): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function errorsIn(findings: readonly Finding[], path: string): number {
  return findings.filter(({ file, severity, suppressed }) => file === path && severity === "error" && !suppressed)
    .length;
}

function overlay(tree: Tree, texts: ReadonlyMap<string, string>): Tree {
  return { paths: tree.paths, has: (path) => tree.has(path), text: (path) => texts.get(path) ?? tree.text(path) };
}
