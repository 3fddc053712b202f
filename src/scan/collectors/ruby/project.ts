import { extensionOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Dependency } from "../../declared/dependency.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Evidence } from "../../fact.ts";
import { hasOtherManifest } from "../../other-manifests.ts";
import { type Hit, hitsIn } from "../../search.ts";

/** What belongs to a Ruby unit. */
export interface RubyProject {
  view: View;
  /** `Gemfile` or `gems.rb`; undefined for loose scripts. */
  gemfile: string | undefined;
  lock: string | undefined;
  /** The description of a gem, where the unit is one. */
  gemspec: string | undefined;
  /** Whether the unit has another ecosystem's manifest beside them. */
  isMixed: boolean;
  /** The first of these gems that production has. */
  needs(...names: string[]): Dependency | undefined;
  /** The same among all groups. */
  mentions(...names: string[]): Dependency | undefined;
  /** A path of the unit that exists, as one from the root. */
  file(relative: string): string | undefined;
}

/** The Ruby project that a unit is, or undefined. */
export function projectOf(view: View): RubyProject | undefined {
  const { snapshot, unit } = view;
  const file = (relative: string) => {
    const path = joinPath(unit.path, relative) as string;
    return snapshot.has(path) ? path : undefined;
  };
  const gemfile = file("Gemfile") ?? file("gems.rb");
  const gemspec = snapshot.inFolder(unit.path).find((path) => path.endsWith(".gemspec"));
  const isMixed = hasOtherManifest(view, "ruby");
  const hasCode = view.sources.some((path) => ["rb", "ru"].includes(extensionOf(path)));
  if (!gemfile && !gemspec && (isMixed || !hasCode)) return undefined;
  const all = dependenciesOf(snapshot, unit.path).filter(({ ecosystem }) => ecosystem === "rubygems");
  const own = gemspec === undefined ? [] : runtimeGems(view, gemspec);
  const find =
    (from: readonly Dependency[]) =>
    (...names: string[]) =>
      from.find(({ name }) => names.includes(name));
  return {
    view,
    gemfile,
    lock: file("Gemfile.lock") ?? file("gems.locked"),
    gemspec,
    isMixed,
    needs: find([...all.filter(({ group }) => group !== "dev"), ...own]),
    mentions: find([...all, ...own]),
    file,
  };
}

/** What a gem asks for by itself. */
function runtimeGems(view: View, file: string): Dependency[] {
  const code = view.snapshot.code(file, "ruby")?.code ?? "";
  return hitsIn(code, /\.add_(?:runtime_)?dependency[ (]+["']([\w.-]+)["'](?:\s*,\s*["']([^"']+)["'])?/g, file).map(
    ({ match, place }) => ({
      ecosystem: "rubygems",
      name: match[1] as string,
      version: match[2] ?? null,
      group: "prod",
      features: [],
      indirect: false,
      path: null,
      file,
      place: () => place,
    }),
  );
}

/** Where a gem is asked for. */
export function askedAt({ view }: RubyProject, { file, place, name }: Dependency): Evidence {
  return view.seen(file, place(), `gem-${name}`);
}

/** Where a pattern (with the flag `g`) occurs in a Ruby file of the unit, comments left out. */
export function hitsOf({ view, file }: RubyProject, relative: string, pattern: RegExp): Hit[] {
  const path = file(relative);
  return path === undefined ? [] : hitsIn(view.snapshot.code(path, "ruby")?.code ?? "", pattern, path);
}

/** The port that an expression ends with: `3000`, `ENV.fetch("PORT") { 3000 }`, `ENV["PORT"] || 3000`. */
export function portIn(expression: string): number | undefined {
  const digits = /(?:^|[\s:|,({'"])(\d{2,5})["')}\s]*(?:\.to_i)?[\s)}]*$/.exec(expression.trim())?.[1];
  const port = Number(digits);
  return port > 0 && port < 65_536 ? port : undefined;
}
