import { recordAt } from "../../formats/document.ts";
import { places } from "../../formats/text.ts";
import { joinPath } from "../../formats/tree.ts";
import type { Snapshot } from "../snapshot.ts";
import { type Dependency, dependency } from "./dependency.ts";

const GEM = /^\s*gem\s*\(?\s*["']([\w.-]+)["']\s*(?:,\s*["']([^"']+)["'])?(.*)$/;
const OPENS = /(?:^|\s)do(?:\s*\|[^|]*\|)?\s*$|^\s*(?:if|unless|case)\b/;
const DEVELOPMENT = /^(?:development|test|ci|lint|debug|cucumber|rubocop|doc|docs|profile|profiling|benchmark)$/;

/** Gems of a Gemfile; those of groups that production leaves out are `dev`. */
export function gemDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  return ["Gemfile", "gems.rb"].flatMap((base) => {
    const file = joinPath(folder, base) as string;
    const code = snapshot.has(file) ? (snapshot.code(file, "ruby")?.code ?? "") : "";
    const open: string[][] = [];
    return code.split("\n").flatMap((line, index) => {
      const [, name, version = null, rest = ""] = GEM.exec(line) ?? [];
      if (name === undefined) {
        if (OPENS.test(line)) open.push(symbols(/^\s*group\b(.*)\bdo\b/.exec(line)?.[1] ?? ""));
        else if (/^\s*end\b/.test(line)) open.pop();
        return [];
      }
      const inline = /\bgroups?:\s*(%?[iw]?\[[^\]]*\]|:\w+|["']\w+["'])|:groups?\s*=>\s*(\[[^\]]*\]|:\w+)/.exec(rest);
      const groups = [...open.flat(), ...symbols(inline?.[1] ?? inline?.[2] ?? "")];
      const isDev = groups.length > 0 && groups.every((group) => DEVELOPMENT.test(group));
      return [
        dependency({
          ecosystem: "rubygems",
          name,
          version,
          group: isDev ? "dev" : "prod",
          file,
          place: () => ({ line: index + 1, column: line.search(/\S/) + 1 }),
        }),
      ];
    });
  });
}

/** `:a, "b"`, `[:a]` and `%i[a b]` as names. */
function symbols(text: string): string[] {
  return text.replace(/%[iw]/g, "").match(/\w+/g) ?? [];
}

/** Packages and extensions of composer.json. */
export function composerDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  const file = joinPath(folder, "composer.json") as string;
  if (!snapshot.has(file)) return [];
  const document = snapshot.json(file);
  return (["require", "require-dev"] as const).flatMap((list) =>
    Object.entries(recordAt(document.value, [list])).map(([name, version]) =>
      dependency({
        ecosystem: "packagist",
        name: name.toLowerCase(),
        version: typeof version === "string" ? version : null,
        group: list === "require" ? "prod" : "dev",
        file,
        place: () => document.place([list, name]),
      }),
    ),
  );
}

/** Packages of mix.exs, from the function `deps`, or the list of the project itself. */
export function mixDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  const file = joinPath(folder, "mix.exs") as string;
  const code = snapshot.has(file) ? (snapshot.code(file)?.code ?? "") : "";
  const start = /\bdefp?\s+deps(?:\s*\([^)]*\))?\s*(?:do\b|,\s*do:)/.exec(code) ?? /\bdeps:\s*(?=\[)/.exec(code);
  if (!start) return [];
  const from = start.index + start[0].length;
  const end = /\n {0,2}end\b/.exec(code.slice(from))?.index ?? code.length;
  const at = places(code);
  return [
    ...code.slice(from, from + end).matchAll(/\{\s*:(\w+)\s*,\s*(?:"([^"{}]*)"\s*,?)?([^{}]*(?:\{[^{}]*\})?[^{}]*)\}/g),
  ].map((match) => {
    const [, name = "", version = "", rest = ""] = match;
    const only = /\bonly:\s*(\[[^\]]*\]|:\w+)/.exec(rest)?.[1];
    const path = /\bpath:\s*"([^"]+)"/.exec(rest)?.[1];
    const isDev = only !== undefined && !symbols(only).includes("prod");
    return dependency({
      ecosystem: "hex",
      name,
      version: version.trim() || null,
      group: isDev ? "dev" : "prod",
      path: path === undefined ? inUmbrella(rest, name, folder) : (joinPath(folder, path) ?? null),
      file,
      place: () => at(from + match.index),
    });
  });
}

function inUmbrella(options: string, name: string, folder: string): string | null {
  return /\bin_umbrella:\s*true/.test(options) ? (joinPath(folder, `../${name}`) ?? null) : null;
}
