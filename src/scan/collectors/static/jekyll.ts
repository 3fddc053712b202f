import { stringAt } from "../../../formats/document.ts";
import { isIn } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { dependenciesOf } from "../../dependencies.ts";
import { manifestsIn } from "../../markers.ts";
import { claimSite } from "./site.ts";

const GEMS = ["jekyll", "github-pages"];
const FOLDERS = ["_posts", "_layouts", "_includes", "_pages", "_data"];

/** Claims a site of Jekyll; whether the unit is one. `_config.yml` alone says little: Hexo and others have one too. */
export function claimJekyll(view: View): boolean {
  const { snapshot, unit } = view;
  const file = ["_config.yml", "_config.yaml"]
    .map((name) => view.path(name))
    .find((path) => path !== undefined && snapshot.has(path));
  if (file === undefined) return false;
  const gems = dependenciesOf(snapshot, unit.path).filter(({ ecosystem }) => ecosystem === "rubygems");
  const gem = gems.find(({ name }) => GEMS.includes(name));
  // People take a theme as it is, and put their pages into it.
  const theme = snapshot
    .inFolder(unit.path)
    .some((path) => path.endsWith(".gemspec") && /_dependency[ (]+["']jekyll["']/.test(snapshot.text(path) ?? ""));
  const others = manifestsIn(snapshot, unit.path).filter(
    (base) => base !== "Gemfile" && !(theme && base === "package.json"),
  );
  const folder = FOLDERS.map((name) => view.path(name)).find(
    (path) => path !== undefined && snapshot.folders.includes(path),
  );
  const sample = folder === undefined ? frontMatter(view) : snapshot.paths.find((path) => isIn(path, folder));
  if (!gem && (others.length > 0 || gems.length > 0 || sample === undefined)) return false;
  const document = snapshot.yaml(file);
  claimSite(view, {
    framework: "jekyll",
    build: gem ? "bundle exec jekyll build" : "jekyll build",
    output: stringAt(document.value, ["destination"]) ?? "_site",
    source: "project",
    confidence: 0.95,
    at: gem ? view.seen(gem.file, gem.place(), "gem") : view.seen(sample ?? file, 1, "jekyll"),
  });
  return true;
}

/** A page that begins with a block of settings: what Jekyll works on. */
function frontMatter(view: View): string | undefined {
  return view.files.find(
    (file) => /(?:^|\/)index\.(?:md|markdown|html)$/.test(file) && /^---\n/.test(view.snapshot.text(file) ?? ""),
  );
}
