import type { DockerfileDocument, DockerfileStage } from "../../../formats/dockerfile/read.ts";
import { listAt, type Path, recordAt } from "../../../formats/document.ts";
import { parseJson } from "../../../formats/json.ts";
import { parseToml } from "../../../formats/toml.ts";
import { at, chainOf, commandsOf } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import { contextOf } from "../../interpret/context.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";
import type { ShellStep } from "../../shell.ts";

interface Manager {
  installs: RegExp;
  /** What keeps development dependencies out, at the command or later. */
  lean: RegExp;
  prunes: RegExp;
  option: string;
}

const MANAGERS: Record<string, Manager> = {
  npm: {
    installs: /^(?:ci|clean-install|install|i)$/,
    lean: /^--(?:omit=dev|only=prod.*|production|prod)$/,
    prunes: /^prune$/,
    option: "--omit=dev",
  },
  yarn: {
    installs: /^(?:install|workspaces)$/,
    lean: /^--(?:production(?:=true)?|prod)$/,
    prunes: /^workspaces$/,
    option: "--production",
  },
  pnpm: {
    installs: /^(?:install|i)$/,
    lean: /^(?:--prod|-P|--production)$/,
    prunes: /^(?:prune|deploy)$/,
    option: "--prod",
  },
  bun: {
    installs: /^(?:install|i|ci)$/,
    lean: /^--(?:production|omit=dev|omit)$/,
    prunes: /^$/,
    option: "--production",
  },
  composer: { installs: /^install$/, lean: /^--no-dev$/, prunes: /^$/, option: "--no-dev" },
  poetry: {
    installs: /^(?:install|sync)$/,
    lean: /^--(?:only(?:=.*)?|without(?:=.*)?|no-dev|only-root)$/,
    prunes: /^$/,
    option: "--only main",
  },
  uv: {
    installs: /^sync$/,
    lean: /^--(?:no-dev|no-default-groups|no-group(?:=.*)?|only-group(?:=.*)?)$/,
    prunes: /^$/,
    option: "--no-dev",
  },
};

/** Installs of development dependencies that end in the final image: in its stages, or copied from another with node_modules. */
export function developmentInstalls(
  file: LintFile,
  document: DockerfileDocument,
  { chain, context }: { chain: readonly DockerfileStage[]; context: RuleContext },
): Complaint[] {
  const sources = chain.flatMap(({ instructions }) =>
    instructions.flatMap(({ keyword, flags, words }) => {
      const from = keyword === "COPY" ? flags.find(({ name }) => name === "from")?.value : undefined;
      return from && words.slice(0, -1).some((word) => /(?:^|\/)(?:node_modules|vendor|\.?venv)\/?$/.test(word))
        ? [from]
        : [];
    }),
  );
  const donors = document.stages.filter(({ name, index }) =>
    sources.some((from) => from.toLowerCase() === name?.toLowerCase() || from === String(index)),
  );
  const judged = [chain, ...donors.map((stage) => chainOf(document, stage))];
  return judged.flatMap((stages) => inChain(file, stages, context)).slice(0, 1);
}

function inChain(file: LintFile, stages: readonly DockerfileStage[], context: RuleContext): Complaint[] {
  const steps = stages.flatMap((stage) =>
    stage.instructions
      .filter(({ keyword }) => keyword === "RUN")
      .flatMap((run) => commandsOf(file, run).map((step) => ({ step, env: { ...stage.env, ...step.env } }))),
  );
  return steps.flatMap(({ step, env }, index) => {
    const manager = managerOf(step);
    if (!manager || isLean(env)) return [];
    const [name, { installs, lean, prunes, option }] = manager;
    const verb =
      step.argv.find((word, position) => position > 0 && !word.startsWith("-")) ?? (name === "yarn" ? "install" : "");
    const named = step.argv.slice(2).some((word) => !word.startsWith("-"));
    if (
      !installs.test(verb) ||
      (named && name !== "pnpm") ||
      step.argv.some((word) => lean.test(word) || /^(?:-g|--global)$/.test(word))
    )
      return [];
    const later = steps
      .slice(index + 1)
      .some(
        ({ step: next }) => next.argv[0] === name && next.argv.some((word) => prunes.test(word) || lean.test(word)),
      );
    if (later || !hasDevelopment(file, context, name)) return [];
    return [
      at(
        file,
        step.start,
        `development dependencies end in the final image: ${name} ${verb} ${option}, or install them in a stage of its own`,
      ),
    ];
  });
}

function isLean(env: Readonly<Record<string, string>>): boolean {
  const set = (name: string) => /^(?:1|true|yes|on)$/i.test(env[name] ?? "");
  return (
    env.NODE_ENV === "production" ||
    ["COMPOSER_NO_DEV", "UV_NO_DEV", "UV_NO_DEFAULT_GROUPS"].some(set) ||
    Boolean(env.POETRY_WITHOUT ?? env.POETRY_ONLY)
  );
}

function managerOf({ argv }: ShellStep): [string, Manager] | undefined {
  const found = Object.hasOwn(MANAGERS, argv[0] ?? "") ? MANAGERS[argv[0] as string] : undefined;
  return found ? [argv[0] as string, found] : undefined;
}

/** Whether the manifest nearest to the root of the context names any. */
function hasDevelopment(file: LintFile, context: RuleContext, manager: string): boolean {
  if (manager === "poetry" || manager === "uv") {
    const [project] = contextOf(file, context).allOf("pyproject.toml");
    return hasGroup((project && context.tree.text(project)) || "", manager);
  }
  const [manifest, key] =
    manager === "composer" ? ["composer.json", "require-dev"] : ["package.json", "devDependencies"];
  const [path] = contextOf(file, context).allOf(manifest);
  const text = path === undefined ? undefined : context.tree.text(path);
  return text !== undefined && Object.keys(recordAt(parseJson(text).value, [key])).length > 0;
}

/** Whether a project of Python has the group that is installed unless it is left out. */
function hasGroup(project: string, manager: "poetry" | "uv"): boolean {
  const { value } = parseToml(project);
  const at = (path: Path) => Object.keys(recordAt(value, path)).length > 0 || listAt(value, path).length > 0;
  if (at(["dependency-groups", "dev"]) && manager === "uv") return true;
  return manager === "uv"
    ? at(["tool", "uv", "dev-dependencies"])
    : at(["tool", "poetry", "group", "dev", "dependencies"]) || at(["tool", "poetry", "dev-dependencies"]);
}
