import type { ManifestConfig } from "../config/schema.ts";
import type { Tree } from "../formats/tree.ts";
import { isIn } from "../formats/tree.ts";
import type { PlannedService } from "./plan.ts";

type Release = PlannedService["migrations"];

interface Input {
  migrations: Release;
  runtime: string;
  path: string;
  start: string | null;
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
/** Runners find what lies in the folder of programs; the image has that in PATH, and a runner would write into the home folder. */
const RUNNERS = /^(?:npx(?: --yes| -y| --no-install)*|pnpm (?:exec|dlx)|yarn (?:exec |run )?(?=\w)|bunx|bun x) ?/;

/** What the manifest says of migrations; undefined where it leaves the command to the facts. */
export function decidedMigrations(said: ManifestConfig["services"][string]["migrate"]): Release | undefined {
  return said?.command && { tool: said.tool, command: said.command.join(" ") };
}

/** The command that migrates from inside the image, or why there is none. */
export function releaseCommand({ migrations, runtime, path, start, tree }: Input): { release: Release; why?: string } {
  if (!migrations) return { release: null };
  const { tool, command } = migrations;
  if (runtime === "elixir" && command.startsWith("mix ")) {
    const program = /bin\/[\w-]+/.exec(start ?? "")?.[0];
    return program ? { release: { tool, command: fromRelease(program, path, tree) } } : { release: null };
  }
  if (["node", "bun"].includes(runtime)) return { release: { tool, command: command.replace(RUNNERS, "") } };
  const own = OWN[runtime];
  if (!own || own.test(command)) return { release: migrations };
  return {
    release: null,
    why: `\`${command}\` runs outside of the image, which has no ${tool}: run it before a release`,
  };
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
