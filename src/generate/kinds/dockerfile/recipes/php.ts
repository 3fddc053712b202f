import type { Instruction, Stage } from "../../../../formats/dockerfile/print.ts";
import { recordAt } from "../../../../formats/document.ts";
import { parseJson } from "../../../../formats/json.ts";
import { copy, env, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";

/** Extensions that the image has by itself. */
const BUILT_IN = new Set([
  "ctype",
  "curl",
  "date",
  "dom",
  "fileinfo",
  "filter",
  "hash",
  "iconv",
  "json",
  "libxml",
  "mbstring",
  "openssl",
  "pcre",
  "pdo",
  "phar",
  "posix",
  "readline",
  "session",
  "simplexml",
  "sodium",
  "spl",
  "sqlite3",
  "pdo_sqlite",
  "tokenizer",
  "xml",
  "xmlreader",
  "xmlwriter",
  "zlib",
]);
const STORE_EXTENSIONS: Record<string, string> = {
  postgres: "pdo_pgsql",
  mysql: "pdo_mysql",
  mariadb: "pdo_mysql",
  redis: "redis",
  mongodb: "mongodb",
};
/** Folders that a framework writes to. */
const WRITTEN: Record<string, readonly string[]> = { laravel: ["storage", "bootstrap/cache"], symfony: ["var"] };

/** PHP: FrankenPHP, one process that serves pages and runs the code. */
export function phpRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const image = site.image("frankenphp", service.runtime.version);
  const composer = site.image("composer");
  if (image === undefined || composer === undefined) return undefined;
  const folders = [...(WRITTEN[service.framework ?? ""] ?? []), ...service.state];
  return [
    ...vendorStages(site, composer),
    ...assetStages(site),
    {
      image,
      instructions: [
        env("SERVER_NAME=:8080 XDG_DATA_HOME=/tmp XDG_CONFIG_HOME=/tmp"),
        workdir(HOME),
        run(
          "setcap -r /usr/local/bin/frankenphp",
          "It opens no low port, and with a capability it does not start without privileges.",
        ),
        ...extensions(site),
        copy(". ."),
        ...(site.has("composer.json") ? [copy(`--from=vendor ${HOME}/vendor ./vendor`)] : []),
        ...(hasAssets(site) ? [copy(`--from=assets ${HOME}/public/build ./public/build`)] : []),
        ...(folders.length > 0
          ? [run(`mkdir -p ${folders.join(" ")}\n&& chown -R 10001:10001 ${folders.join(" ")}`)]
          : []),
        ...listens(service),
        ...startsAs(service.start ?? "frankenphp php-server --root public --listen :${PORT:-8080}"),
      ],
    },
  ];
}

function vendorStages(site: Site, image: string): Stage[] {
  if (!site.has("composer.json")) return [];
  const flags = "--no-dev --no-interaction --prefer-dist --optimize-autoloader --no-scripts --ignore-platform-reqs";
  return [
    {
      image,
      name: "vendor",
      instructions: [
        workdir(HOME),
        ...copyFiles(present(site, ["composer.json", "composer.lock", "symfony.lock"])),
        run(`composer install ${flags} --no-autoloader`),
        copy(". ."),
        run("composer dump-autoload --no-dev --optimize --no-scripts"),
      ],
    },
  ];
}

function assetStages(site: Site): Stage[] {
  const image = site.image("node");
  if (!hasAssets(site) || image === undefined) return [];
  return [
    {
      image,
      name: "assets",
      instructions: [
        workdir(HOME),
        ...copyFiles(present(site, ["package.json", "package-lock.json"])),
        run(site.has("package-lock.json") ? "npm ci" : "npm install --no-audit --no-fund"),
        copy(". ."),
        run("npm run build"),
      ],
    },
  ];
}

/** Pages of Laravel and Symfony whose scripts a bundler builds into public/build. */
function hasAssets(site: Site): boolean {
  return recordAt(parseJson(site.text("package.json") ?? "{}").value, ["scripts"]).build !== undefined;
}

function extensions({ service, text }: Site): Instruction[] {
  const required = Object.keys(recordAt(parseJson(text("composer.json") ?? "{}").value, ["require"]))
    .filter((name) => name.startsWith("ext-"))
    .map((name) => name.slice(4).toLowerCase());
  const needed = [...required, ...service.stores.map((store) => STORE_EXTENSIONS[store] ?? ""), "opcache"];
  const wanted = [...new Set(needed)].filter((name) => name !== "" && !BUILT_IN.has(name)).sort();
  return [run(`install-php-extensions ${wanted.join(" ")}`)];
}
