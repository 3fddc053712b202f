import { isIn, type Tree } from "../formats/tree.ts";
import { checkFiles, withSuppressed } from "../lint/check.ts";
import { type BaseIndex, basePath, readIndex, sha256 } from "./base-store.ts";
import { expectedServices } from "./expected.ts";
import { leftBehind } from "./left-behind.ts";
import { mergeFile } from "./merge/merge.ts";
import type { Plan } from "./plan.ts";
import { planHash } from "./plan-hash.ts";
import type { Prepared, PreparedFile } from "./prepared.ts";
import { readBack } from "./readback.ts";
import { chosenKinds, render } from "./render.ts";

/** The version that is written beside what it generated. */
const GENERATOR = "0.1.0";

export interface PrepareOptions {
  plan: Plan;
  /** The text of a file where it would be written; undefined where there is none. */
  current: (path: string) => string | undefined;
  kinds?: readonly string[];
  restore?: boolean;
  adopt?: boolean;
  /** Folder of the repository that is written below, where it is not the repository itself: what lies there are copies. */
  copies?: string | undefined;
  /** Whether files of the application are changed too. */
  applyCode?: boolean;
  /** Today as YYYY-MM-DD, for suppressions that end. */
  today: string;
}

/** Renders, merges with what is there, and judges the result. Writes nothing. */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { plan, current, restore = false, adopt = false } = options;
  const index = readIndex(current);
  const chosen = chosenKinds(plan, options.kinds);
  const kinds = chosen.map(({ id }): string => id);
  const rendered = render(plan, chosen, { applyCode: options.applyCode ?? false });
  const old = Object.entries(index.files).filter(([path, { kind }]) => kinds.includes(kind) && !rendered.has(path));
  const files = [...rendered.keys(), ...old.map(([path]) => path)].map((path): PreparedFile => {
    const file = rendered.get(path);
    const before = current(path);
    const base = baseOf(index, path, { before, current });
    if (plan.own[path] === "off") return { path, file, before, action: "keep", text: before, base: undefined };
    const ownership = file?.ownership ?? index.files[path]?.ownership ?? "managed";
    return {
      path,
      file,
      before,
      ...mergeFile({ path, current: before, base, next: file?.text, ownership, restore, adopt, file }),
    };
  });
  const tree = overlay(options.copies === undefined ? plan.tree : without(plan.tree, options.copies), files);
  const judged = files.filter(({ text, action }) => text !== undefined && action !== "delete").map(({ path }) => path);
  const found = await checkFiles({
    tree,
    only: judged,
    services: expectedServices(plan),
    suppressions: plan.suppressions,
    today: options.today,
  });
  const written = files
    .filter(({ path }) => judged.includes(path))
    .map(({ path, text, file }) => ({ path, untouched: text === file?.text }));
  const compared = [...plan.contradictions, ...readBack(plan, tree, written)];
  const findings = [...withSuppressed(compared, { suppressions: plan.suppressions, today: options.today }), ...found];
  // Of files that people wrote we only say what we find, also where a part of them is ours.
  const ours = new Set(
    files.filter(({ base, file }) => base !== undefined && file?.ownership !== "patch").map(({ path }) => path),
  );
  return {
    files,
    index: nextIndex(index, files, plan),
    findings,
    blocking: findings.filter(
      ({ severity, suppressed, file }) => severity === "error" && !suppressed && ours.has(file),
    ),
    notes: [
      ...new Set([
        ...plan.assumptions,
        ...files.flatMap(({ file }) => file?.notes ?? []),
        ...(options.kinds?.length ? [] : leftBehind(index, kinds, current)),
      ]),
    ],
  };
}

/** What was generated last. Where its bytes are gone, the list still tells whether the file is as it was. */
function baseOf(
  { files }: BaseIndex,
  path: string,
  { before, current }: { before: string | undefined } & Pick<PrepareOptions, "current">,
): string | undefined {
  const known = files[path];
  if (known === undefined) return undefined;
  const bytes = current(basePath(path));
  return bytes ?? (before !== undefined && sha256(before) === known.sha256 ? before : undefined);
}

/** The repository as it will be. */
function overlay(tree: Tree, files: readonly PreparedFile[]): Tree {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const present = [...texts].filter(([, text]) => text !== undefined).map(([path]) => path);
  const paths = [...new Set([...tree.paths.filter((path) => !texts.has(path)), ...present])].sort();
  const all = new Set(paths);
  return { paths, has: (path) => all.has(path), text: (path) => (texts.has(path) ? texts.get(path) : tree.text(path)) };
}

function without(tree: Tree, folder: string): Tree {
  const paths = tree.paths.filter((path) => !isIn(path, folder));
  return { ...tree, paths, has: (path) => tree.has(path) && !isIn(path, folder) };
}

function nextIndex({ files: old }: BaseIndex, files: readonly PreparedFile[], plan: Plan): BaseIndex {
  const next = { ...old };
  for (const { path, base, file } of files) {
    if (base === undefined) delete next[path];
    else if (file) next[path] = { sha256: sha256(base), kind: file.kind, ownership: file.ownership };
  }
  const { project, repository, defaultBranch: branch, ci } = plan;
  return {
    generator: GENERATOR,
    project,
    repository: repository ?? undefined,
    branch,
    ci: ci === "github-actions" ? undefined : ci,
    plan: planHash(plan),
    files: next,
  };
}
