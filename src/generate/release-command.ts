import type { ManifestConfig } from "../config/schema.ts";
import type { Tree } from "../formats/tree.ts";
import { isIn, joinPath } from "../formats/tree.ts";
import { isBrought, migrationTool } from "./migration-tools.ts";
import type { OwnImage, PlannedService } from "./plan.ts";

type Release = PlannedService["migrations"];

interface Input {
  migrations: Release;
  runtime: string;
  packageManager?: string | null;
  path: string;
  start: string | null;
  /** The Dockerfile that people wrote, with what it tells; undefined where one is generated. */
  theirs: (OwnImage & { text: string }) | undefined;
  tree: Tree;
}

/** Programs that an image of each runtime has beside those the packages of the application bring. */
const OWN: Record<string, RegExp> = {
  go: /^\.\//,
  rust: /^\.\//,
  java: /^java /,
  dotnet: /^dotnet \S+\.dll\b/,
  elixir: /^bin\//,
};
/** Who runs a tool that no image has. */
const NEXT: Record<string, string> = {
  flyway: "let the pipeline, which has Java and the build tool, run",
  liquibase: "let the pipeline, which has Java and the build tool, run",
};
/** Runners find what lies in the folder of programs; the image has that in PATH, and a runner would write into the home folder. */
const RUNNERS = /^(?:npx(?: --yes| -y| --no-install)*|pnpm (?:exec|dlx)|yarn (?:exec |run )?(?=\w)|bunx|bun x) ?/;

/** What the manifest says of migrations; undefined where it leaves the command to the facts. */
export function decidedMigrations(said: ManifestConfig["services"][string]["migrate"]): Release | undefined {
  return said?.command && { tool: said.tool, command: said.command.join(" ") };
}

/** The command that migrates from inside the image, or why there is none. */
export function releaseCommand({ migrations, runtime, packageManager = null, path, start, theirs, tree }: Input): {
  release: Release;
  why?: string;
} {
  if (!migrations) return { release: null };
  const { tool } = migrations;
  const given = migrationTool(migrations.command, runtime);
  const command = given ? given.inImage(migrations.command) : migrations.command;
  if (given && !isBrought(given, tree.text(joinPath(path, "package.json") ?? "")))
    return theirs === undefined || new RegExp(`\\b${given.program}\\b`).test(theirs.text)
      ? { release: { tool, command } }
      : { release: null, why: byHand(migrations) };
  if (runtime === "elixir" && command.startsWith("mix ")) {
    const program = /bin\/[\w-]+/.exec(start ?? "")?.[0];
    return program ? { release: { tool, command: fromRelease(program, path, tree) } } : { release: null };
  }
  if (["node", "bun"].includes(runtime)) {
    const bare = withoutRunner(command, packageManager);
    // An image of one's own finds no programs of packages by their name, unless it says so.
    const named = theirs === undefined || theirs.programs || !isPackaged(bare);
    return { release: { tool, command: named ? bare : `node_modules/.bin/${bare}` } };
  }
  const own = OWN[runtime];
  if (!own || own.test(command)) return { release: migrations };
  return { release: null, why: byHand(migrations) };
}

/** Who runs the migrations of an image that cannot. */
function byHand({ tool, command }: NonNullable<Release>): string {
  return `the image has no ${tool}: ${NEXT[tool] ?? "run"} \`${command}\` from a checkout of the release, with the address of its database, before each release`;
}

/** Migrations of another package of the workspace run in its folder, where pnpm puts its programs; the other managers put them at the root. */
function withoutRunner(command: string, packageManager: string | null): string {
  const [, change = "", rest = command] = /^(cd \S+ && )(.*)$/.exec(command) ?? [];
  const bare = rest.replace(RUNNERS, "");
  return change !== "" && bare !== rest && packageManager === "pnpm"
    ? `${change}node_modules/.bin/${bare}`
    : `${change}${bare}`;
}

/** Whether a command starts with the program of a package, not with one that every image of Node has. */
function isPackaged(command: string): boolean {
  return /^(?!(?:node|npm|npx|pnpm|yarn|bun|bunx|deno|sh|bash|env|cd|export)(?:\s|$))[a-z][\w.-]*(?:\s|$)/i.test(
    command,
  );
}

/** A release has no mix: the same is asked of the program itself. */
function fromRelease(program: string, path: string, tree: Tree): string {
  const script = path === "." ? "rel/overlays/bin/migrate" : `${path}/rel/overlays/bin/migrate`;
  if (tree.has(script)) return "bin/migrate";
  for (const file of tree.paths.filter((name) => isIn(name, path) && name.endsWith("/release.ex"))) {
    const text = tree.text(file) ?? "";
    const module = /defmodule\s+([\w.]+)/.exec(text)?.[1];
    if (module && /def\s+migrate\b/.test(text)) return `${program} eval '${module}.migrate()'`;
  }
  const app = program.slice("bin/".length);
  const each = `Application.load(:${app}); for repo <- Application.fetch_env!(:${app}, :ecto_repos), do: {:ok, _, _} = `;
  return `${program} eval '${each}Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :up, all: true))'`;
}
