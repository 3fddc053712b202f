import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Snapshot } from "../../snapshot.ts";

/** Files beside a package.json that show an application of another language; `source` must occur among its code. */
const APPLICATIONS: readonly { marker: RegExp; source?: RegExp; words?: RegExp }[] = [
  { marker: /^(?:artisan|manage\.py|config\.ru|mix\.exs|wp-config(?:-sample)?\.php|symfony\.lock)$/ },
  {
    marker: /^Gemfile$/,
    words: /^[^\S\n]*gem\s+["'](?:rails|sinatra|hanami|jekyll|bridgetown|middleman|roda|grape|padrino)["']/m,
  },
  { marker: /^index\.php$/ },
  { marker: /^composer\.json$/, source: /(?:^|\/)(?:index|app|bootstrap|kernel)\.php$/i },
  {
    marker: /^(?:pyproject\.toml|requirements\.txt|Pipfile|setup\.py|uv\.lock)$/,
    source: /(?:^|\/)(?:main|app|wsgi|asgi|server|run|application|__init__|__main__)\.py$/,
  },
  { marker: /^go\.mod$/, source: /\.go$/ },
  { marker: /^Cargo\.toml$/, source: /(?:^|\/)(?:main|lib)\.rs$/, words: /^\[(?:package|workspace)\]/m },
  { marker: /^(?:pom\.xml|build\.gradle(?:\.kts)?)$/, source: /\.(?:java|kt|scala|groovy)$/ },
  { marker: /\.(?:cs|fs)proj$/, source: /\.(?:cs|fs)$/ },
  { marker: /^(?:hugo\.(?:toml|ya?ml|json)|mkdocs\.ya?ml|zola\.toml|book\.toml)$/ },
  { marker: /^config\.(?:toml|ya?ml|json)$/, words: /^[^\S\n]*"?base_?url"?\s*[=:]/im },
  { marker: /^_config\.yml$/, source: /(?:^|\/)_(?:layouts|posts|includes|pages)\// },
  { marker: /^pubspec\.yaml$/, source: /\.dart$/ },
  { marker: /^gleam\.toml$/, source: /\.gleam$/ },
  { marker: /^shard\.yml$/, source: /\.cr$/ },
];

/** Folders of scripts and styles in applications of other languages, and what shows such an application. */
const ASSETS = /^(?:resources|assets|app\/(?:assets|javascript|frontend)|frontend\/assets|priv|static|themes?)\//;
const HOSTS = ["artisan", "manage.py", "mix.exs", "config/application.rb", "bin/console", "wp-load.php"];

/** Pages that a project of ASP.NET builds and publishes with itself: `<SpaRoot>ClientApp\\</SpaRoot>`. */
function isSpaRoot(snapshot: Snapshot, host: string, inside: string): boolean {
  const projects = snapshot.inFolder(host).filter((path) => /\.(?:cs|fs|vb)proj$/.test(path));
  const root = projects
    .map((path) => /<SpaRoot>\s*([^<\s]+?)[\\/]?\s*<\/SpaRoot>/.exec(snapshot.text(path) ?? "")?.[1])
    .find((found) => found !== undefined);
  return root?.replaceAll("\\", "/").replace(/^\.\//, "") === inside;
}

/** Whether a package lies among the assets of an application of another language around it. */
export function isAsset({ snapshot, unit }: View): boolean {
  for (let host = folderOf(unit.path); unit.path !== "."; host = folderOf(host)) {
    const inside = host === "." ? unit.path : unit.path.slice(host.length + 1);
    if (ASSETS.test(`${inside}/`) && HOSTS.some((file) => snapshot.has(joinPath(host, file) ?? file))) return true;
    if (isSpaRoot(snapshot, host, inside)) return true;
    if (host === ".") return false;
  }
  return false;
}

/** Whether the folder holds an application of another language, whose package.json may serve its assets and tools only. */
export function isForeign(view: View, bases: ReadonlySet<string>): boolean {
  const found = APPLICATIONS.filter(({ marker, source, words }) => {
    const base = [...bases].find((name) => marker.test(name));
    if (base === undefined) return false;
    const file = view.path(base);
    if (words && !words.test((file && view.snapshot.text(file)) ?? "")) return false;
    return !source || view.sources.some((path) => source.test(path));
  });
  return found.length > 0;
}
