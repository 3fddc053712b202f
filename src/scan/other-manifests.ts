import { recordAt, stringAt } from "../formats/document.ts";
import type { View } from "./collector.ts";
import { FRAMEWORKS } from "./tables/javascript-frameworks.ts";

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

function isProgram({ snapshot, path }: View, marker: string): boolean {
  const { value } = snapshot.json(path(marker) ?? marker);
  const needed = recordAt(value, ["dependencies"]);
  return (
    ["start", "serve"].some((name) => stringAt(value, ["scripts", name]) !== undefined) ||
    recordAt(value).workspaces !== undefined ||
    FRAMEWORKS.some(({ role, packages }) => role !== "client" && packages.some((name) => Object.hasOwn(needed, name)))
  );
}
