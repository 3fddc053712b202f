import { recordAt, stringAt } from "../formats/document.ts";
import type { View } from "./collector.ts";
import { expandLine } from "./collectors/javascript/commands/expand.ts";
import { launchOf } from "./collectors/javascript/commands/launch.ts";
import { FRAMEWORKS } from "./tables/javascript-frameworks.ts";
import { isForeignProgram } from "./tables/javascript-programs.ts";

const MANIFESTS: Record<string, RegExp> = {
  javascript: /^(?:package\.json5?|package\.yaml|deno\.jsonc?)$/,
  python: /^(?:pyproject\.toml|requirements\.txt|Pipfile|setup\.py|manage\.py)$/,
  ruby: /^(?:Gemfile|config\.ru)$/,
  php: /^composer\.json$/,
  elixir: /^mix\.exs$/,
  compiled:
    /^(?:go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|pubspec\.yaml|Package\.swift|.*\.(?:cs|fs|vb)proj)$/,
};

/** Whether a unit has the manifest of another language beside its own; a package.json for tools only does not count. */
export function hasOtherManifest(view: View, own: keyof typeof MANIFESTS): boolean {
  return view.unit.markers.some((marker) =>
    Object.entries(MANIFESTS).some(
      ([language, shape]) =>
        language !== own && shape.test(marker) && (marker !== "package.json" || isProgram(view, marker)),
    ),
  );
}

function isProgram(view: View, marker: string): boolean {
  const { value } = view.snapshot.json(view.path(marker) ?? marker);
  const runs = ["start", "serve"].some((name) => lasts(view, stringAt(value, ["scripts", name])));
  return runs || recordAt(value).workspaces !== undefined || needsServer(view);
}

/** Whether a script starts a program that answers, and no watcher of assets. */
function lasts({ snapshot, unit }: View, line: string | undefined): boolean {
  const launch = line === undefined ? undefined : launchOf(snapshot, expandLine(snapshot, line, unit.path));
  if (!launch || launch.changed || isForeignProgram(launch.step.argv[0] ?? "")) return false;
  return launch.role === "server" || launch.role === "runner";
}

/** Whether the package.json of a unit needs a framework in production that serves or renders pages by itself. */
export function needsServer({ snapshot, path }: View): boolean {
  const needed = recordAt(snapshot.json(path("package.json") ?? "package.json").value, ["dependencies"]);
  return FRAMEWORKS.some(
    ({ role, packages }) => role !== "client" && packages.some((name) => Object.hasOwn(needed, name)),
  );
}
