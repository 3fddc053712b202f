import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findProgram } from "../../exec/program.ts";
import { type RunResult, run } from "../../exec/run.ts";
import { isIn, type Tree } from "../../formats/tree.ts";
import type { Finding } from "../finding.ts";
import type { RuleContext } from "../rule.ts";
import { withoutSecrets } from "../secrets/hide.ts";
import { caddy } from "./caddy.ts";
import { helm, kustomize } from "./kubernetes.ts";
import { promtool } from "./promtool.ts";
import { shellcheck } from "./shellcheck.ts";
import { terraformFormat, terraformValidate } from "./terraform.ts";
import type { Tool, ToolTarget } from "./tool.ts";
import { tsc } from "./tsc.ts";

/** What a program said of a file or folder. What it could not look at is never `passed`. */
export interface ToolOutcome {
  tool: string;
  path: string;
  state: "passed" | "failed" | "not checked";
  /** Why it was not checked. */
  reason?: string;
  findings: Finding[];
}

export interface ToolOptions {
  context: RuleContext;
  /** Folder that the files lie in: programs may read the packages that are installed there. */
  root?: string;
  /** Folders in which programs are looked for; PATH of this process by default. */
  path?: string;
  /** Whether programs may fetch providers, modules and bases. */
  network?: boolean;
  signal?: AbortSignal;
}

const TOOLS: readonly Tool[] = [promtool, terraformFormat, terraformValidate, kustomize, helm, shellcheck, caddy, tsc];
const DEADLINE_MS = 120_000;
const MOST_FILES = 5_000;

/**
 * Lets the programs that are installed judge the files, in a copy of them: nothing is written where they lie.
 * A program that is absent, does not end or lacks what it needs is an outcome, not an error; rejects when aborted.
 */
export async function runTools({ context, root, path, network = false, signal }: ToolOptions): Promise<ToolOutcome[]> {
  const setting = { network, providers: process.env.TF_PLUGIN_CACHE_DIR };
  const wanted = TOOLS.map((tool) => ({ tool, targets: tool.targets(context, setting) })).filter(
    ({ targets }) => targets.length > 0,
  );
  const paths = pathsFor(context, wanted);
  if (paths.length > MOST_FILES)
    return wanted.flatMap(({ tool, targets }) =>
      targets.map((target) => unchecked(tool, target, `more than ${MOST_FILES} files belong to it`)),
    );
  const copy = await mkdtemp(join(tmpdir(), "stationmaster-check-"));
  const outcomes: ToolOutcome[] = [];
  try {
    await copyFiles(context.tree, paths, join(copy, "tree"));
    if (root !== undefined) await linkPackages(root, join(copy, "tree"));
    for (const { tool, targets } of wanted) {
      const program = await findProgram([tool.program], path);
      for (const target of targets) {
        if (!program || target.unable !== undefined)
          outcomes.push(unchecked(tool, target, target.unable ?? `${tool.program} is not installed`));
        else outcomes.push(quiet(await look(tool, target, { program, copy, signal }), context.tree));
      }
    }
    return outcomes;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Programs show the lines that they refuse, and whatever stands there. */
function quiet(outcome: ToolOutcome, tree: Tree): ToolOutcome {
  const byFile = Map.groupBy(outcome.findings, ({ file }) => file);
  return {
    ...outcome,
    findings: [...byFile].flatMap(([file, findings]) => withoutSecrets(findings, tree.text(file) ?? "")),
  };
}

interface Where {
  program: string;
  copy: string;
  signal: AbortSignal | undefined;
}

async function look(tool: Tool, target: ToolTarget, { program, copy, signal }: Where): Promise<ToolOutcome> {
  const start = async (argv: readonly string[], stdin?: string): Promise<RunResult> =>
    await run([program, ...argv], {
      cwd: join(copy, "tree", target.cwd),
      // A home of its own: no settings and no credentials of whoever checks.
      env: { PATH: process.env.PATH ?? "", HOME: copy, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", NO_COLOR: "1" },
      deadlineMs: DEADLINE_MS,
      ...(signal ? { signal } : {}),
      ...(stdin === undefined ? {} : { stdin }),
    });
  try {
    const before = target.before && (await start(target.before.argv));
    if (before && before.code !== 0) return unchecked(tool, target, target.before?.failed(before) ?? "");
    const result = await start(target.argv, target.stdin);
    if (result.code === null) return unchecked(tool, target, `${tool.program} was ended before it answered`);
    const answer = target.read(result);
    if (!Array.isArray(answer)) return unchecked(tool, target, answer.unable);
    const findings = answer.map((complaint): Finding => ({ rule: tool.id, severity: "error", ...complaint }));
    return { tool: tool.id, path: target.path, state: findings.length > 0 ? "failed" : "passed", findings };
  } catch (error) {
    signal?.throwIfAborted();
    return unchecked(tool, target, error instanceof Error ? error.message : String(error));
  }
}

function unchecked(tool: Tool, { path }: ToolTarget, reason: string): ToolOutcome {
  return { tool: tool.id, path, state: "not checked", reason, findings: [] };
}

/** The files below the folders that programs run in. */
function pathsFor({ tree }: RuleContext, wanted: readonly { targets: readonly ToolTarget[] }[]): string[] {
  const folders = [...new Set(wanted.flatMap(({ targets }) => targets.map(({ cwd }) => cwd)))];
  return tree.paths.filter((path) => folders.some((folder) => isIn(path, folder)));
}

async function linkPackages(root: string, to: string): Promise<void> {
  const packages = join(root, "node_modules");
  if (!existsSync(packages) || existsSync(join(to, "node_modules"))) return;
  await mkdir(to, { recursive: true });
  await symlink(packages, join(to, "node_modules"), "dir");
}

async function copyFiles(tree: Tree, paths: readonly string[], to: string): Promise<void> {
  for (const path of paths) {
    const text = tree.text(path);
    if (text === undefined) continue;
    await mkdir(dirname(join(to, path)), { recursive: true });
    await writeFile(join(to, path), text);
  }
}
