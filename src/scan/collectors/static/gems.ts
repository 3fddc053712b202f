import type { View } from "../../collector.ts";
import { dependenciesOf } from "../../dependencies.ts";
import { hitsIn } from "../../search.ts";
import { RUBY_SITES } from "../../tables/ruby-sites.ts";
import { claimSite } from "./site.ts";

/** Claims a site that a gem makes; whether the unit is one. A gem that extends such a program is none. */
export function claimGemSite(view: View): boolean {
  const { snapshot, unit } = view;
  const gems = dependenciesOf(snapshot, unit.path).filter(({ ecosystem }) => ecosystem === "rubygems");
  const [site, gem] = RUBY_SITES.map((one) => [one, gems.find(({ name }) => one.gems.includes(name))] as const).find(
    ([, found]) => found !== undefined,
  ) ?? [undefined, undefined];
  if (!site || !gem || snapshot.inFolder(unit.path).some((path) => path.endsWith(".gemspec"))) return false;
  const file = site.setting && view.path(site.setting.file);
  const code = file === undefined ? undefined : snapshot.code(file, "ruby")?.code;
  const [hit] = site.setting && file !== undefined ? hitsIn(code ?? "", site.setting.pattern, file) : [];
  claimSite(view, {
    framework: site.id,
    build: site.build,
    output: hit?.match[1] ?? site.output,
    source: "project",
    confidence: 0.95,
    at: hit ? view.seen(hit.file, hit.place, site.id) : view.seen(gem.file, gem.place(), "gem"),
  });
  return true;
}
