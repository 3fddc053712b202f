import type { Instruction, Stage } from "../../../../formats/dockerfile/print.ts";
import { recordAt } from "../../../../formats/document.ts";
import { copy, env, HOME, listens, looseRun, run, startsAs, workdir, writableFolders } from "../parts.ts";
import { copyFiles, jsonFile, present, type Site } from "../recipe.ts";
import { assetStage } from "./assets.ts";

/** Extensions that the image has by itself. */
const BUILT_IN = new Set(
  (
    "ctype curl date dom fileinfo filter hash iconv json libxml mbstring openssl pcre pdo phar posix readline session " +
    "simplexml sodium spl sqlite3 pdo_sqlite tokenizer xml xmlreader xmlwriter zlib"
  ).split(" "),
);
const STORE_EXTENSIONS: Record<string, string> = {
  postgres: "pdo_pgsql",
  mysql: "pdo_mysql",
  mariadb: "pdo_mysql",
  redis: "redis",
  mongodb: "mongodb",
};
/** Settings by which a framework writes nothing into its own folders, and logs where the platform reads. */
const SETTINGS: Record<string, string> = {
  laravel: "APP_ENV=production LOG_CHANNEL=stderr VIEW_COMPILED_PATH=/tmp/views",
  symfony: "APP_ENV=prod APP_DEBUG=0",
};
/** What is made once the code and its libraries are there, so that a start writes nothing. */
const WARM_UP: Record<string, readonly Instruction[]> = {
  laravel: [run("mkdir -p bootstrap/cache storage/framework/views\n&& php artisan package:discover")],
  symfony: [
    run("touch .env\n&& php bin/console cache:warmup", "Symfony wants the file; its values come from the environment."),
  ],
};

/** PHP: FrankenPHP, one process that serves pages and runs the code. */
export function phpRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const framework = service.framework ?? "";
  const image = site.image("frankenphp", service.runtime.version);
  const composer = site.image("composer");
  if (image === undefined || composer === undefined) return undefined;
  const assets = hasAssets(site) ? assetStage(site, ["npm run build"], site.has("composer.json")) : undefined;
  return [
    ...vendorStages(site, composer),
    ...(assets ? [assets] : []),
    {
      image,
      instructions: [
        env(`XDG_DATA_HOME=/tmp XDG_CONFIG_HOME=/tmp${framework in SETTINGS ? ` ${SETTINGS[framework]}` : ""}`),
        workdir(HOME),
        run(
          "setcap -r /usr/local/bin/frankenphp",
          "It opens no low port, and with a capability it does not start without privileges.",
        ),
        ...extensions(site),
        copy(". ."),
        ...(site.has("composer.json") ? [copy(`--from=vendor ${HOME}/vendor ./vendor`)] : []),
        ...(assets ? [copy(`--from=assets ${HOME}/public ./public`)] : []),
        ...(WARM_UP[framework] ?? []),
        ...writableFolders(service),
        ...listens(service),
        ...startsAs(service.start ?? "frankenphp php-server --root public --listen :${PORT:-8080}"),
      ],
    },
  ];
}

function vendorStages(site: Site, image: string): Stage[] {
  if (!site.has("composer.json")) return [];
  const flags = "--no-dev --no-interaction --prefer-dist --no-scripts --ignore-platform-reqs";
  const install = `composer install ${flags} --no-autoloader`;
  return [
    {
      image,
      name: "vendor",
      instructions: [
        workdir(HOME),
        ...copyFiles(present(site, ["composer.json", "composer.lock", "symfony.lock"])),
        site.has("composer.lock") ? run(install) : looseRun(install, "composer.lock"),
        copy(". ."),
        run("composer dump-autoload --no-dev --optimize --no-scripts"),
      ],
    },
  ];
}

/** Pages whose scripts a bundler builds below public/. */
function hasAssets(site: Site): boolean {
  return recordAt(jsonFile(site, "package.json"), ["scripts"]).build !== undefined;
}

function extensions(site: Site): Instruction[] {
  const { service, plan } = site;
  const required = Object.keys(recordAt(jsonFile(site, "composer.json"), ["require"]))
    .filter((name) => name.startsWith("ext-"))
    .map((name) => name.slice(4).toLowerCase());
  const stores = plan.stores.filter(({ name }) => service.stores.includes(name));
  const needed = [...required, ...stores.map(({ kind }) => STORE_EXTENSIONS[kind] ?? ""), "opcache"];
  const wanted = [...new Set(needed)].filter((name) => name !== "" && !BUILT_IN.has(name)).sort();
  return [run(`install-php-extensions ${wanted.join(" ")}`)];
}
