import { recordAt } from "../../formats/document.ts";
import { parseJson } from "../../formats/json.ts";
import { joinPath } from "../../formats/tree.ts";
import { imageOf, lineOf } from "../pins.ts";
import type { Plan, PlannedService, PlannedStore } from "../plan.ts";
import { exactRuby, runsScripts } from "../ruby-image.ts";

/** Images in which the tests of a runtime run, by what installs the packages or by the runtime itself. */
const IMAGES: Record<string, string> = {
  maven: "maven",
  gradle: "gradle",
  composer: "frankenphp",
  node: "node",
  bun: "bun",
  deno: "deno",
  python: "python",
  go: "golang",
  rust: "rust",
  java: "temurin-jdk",
  ruby: "ruby",
  dotnet: "dotnet-sdk",
  elixir: "elixir",
};

/** The pinned image with the tools of a service; undefined where the table has none. */
export function toolImage(service: PlannedService, { pins, tree }: Plan): string | undefined {
  const { packageManager, runtime } = service;
  const name = IMAGES[packageManager ?? ""] ?? IMAGES[runtime.name];
  const found = name === undefined ? undefined : lineOf(pins, name, runtime.version);
  return exactRuby(service, tree) ?? (name && found ? imageOf(pins, name, found.line) : undefined);
}

/** Headers for what packages are compiled against, by the library that they run with. */
const HEADERS: Record<string, readonly string[]> = {
  libpq5: ["libpq-dev"],
  libmariadb3: ["libmariadb-dev", "pkg-config"],
  libxml2: ["libxml2-dev", "libxslt1-dev"],
  libxmlsec1: ["libxmlsec1-dev", "pkg-config"],
};
const CLIENTS: Partial<Record<PlannedStore["kind"], string>> = {
  postgres: "libpq-dev",
  mysql: "libmariadb-dev",
  mariadb: "libmariadb-dev",
};
const EXTENSIONS: Partial<Record<PlannedStore["kind"], string>> = {
  postgres: "pdo_pgsql",
  mysql: "pdo_mysql",
  mariadb: "pdo_mysql",
  redis: "redis",
  mongodb: "mongodb",
};

/** What the image of `toolImage` lacks for installing the packages of a service; null where it has all. */
export function imageSetUp(service: PlannedService, plan: Plan): string | null {
  const { runtime, native, stores, path } = service;
  const kinds = plan.stores.filter(({ name }) => stores.includes(name)).map(({ kind }) => kind);
  const headers = [...native.flatMap((name) => HEADERS[name] ?? name), ...kinds.flatMap((kind) => CLIENTS[kind] ?? [])];
  if (runtime.name === "ruby") {
    const scripts = runsScripts(service, plan.tree) ? ["nodejs"] : [];
    return debian(["build-essential", "git", "libyaml-dev", ...scripts, "pkg-config", ...headers]);
  }
  if (runtime.name === "elixir") return debian(["build-essential", "git"]);
  if (runtime.name === "python")
    return native.some((name) => name in HEADERS) ? debian(["build-essential", ...headers]) : null;
  if (runtime.name !== "php") return null;
  const manifest = parseJson(plan.tree.text(joinPath(path, "composer.json") ?? "") ?? "{}").value;
  const required = Object.keys(recordAt(manifest, ["require"])).flatMap((name) => /^ext-(.+)$/.exec(name)?.[1] ?? []);
  const wanted = [...required, ...kinds.flatMap((kind) => EXTENSIONS[kind] ?? []), "zip"];
  return `install-php-extensions @composer ${[...new Set(wanted)].sort().join(" ")}`;
}

function debian(packages: readonly string[]): string {
  return `apt-get update && apt-get install --yes --no-install-recommends ${[...new Set(packages)].sort().join(" ")}`;
}

/** The version of a runtime as setup actions take it: as the application names it, or the usual line. */
export function toolVersion({ runtime }: PlannedService, { pins }: Plan): string {
  const wanted = runtime.version?.trim().replace(/^v(?=\d)/, "");
  if (wanted && /^\d+(?:\.\d+)*$/.test(wanted)) return wanted;
  return lineOf(pins, runtime.name === "go" ? "golang" : runtime.name, runtime.version)?.line ?? wanted ?? "lts/*";
}
