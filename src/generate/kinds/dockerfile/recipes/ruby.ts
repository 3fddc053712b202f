import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { exactRuby, runsScripts } from "../../../ruby-image.ts";
import { compiling, running } from "../native.ts";
import {
  aptInstall,
  copy,
  env,
  HOME,
  listens,
  looseRun,
  nodeBeside,
  run,
  startsAs,
  workdir,
  writableFolders,
} from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";
import { managerIn } from "./assets.ts";
import { pageServer } from "./static.ts";

/** What gems are compiled against and run with. */
const GEMS: Record<string, { headers: string; library: string }> = {
  pg: { headers: "libpq-dev", library: "libpq5" },
  mysql2: { headers: "libmariadb-dev", library: "libmariadb3" },
  "ruby-vips": { headers: "libvips-dev", library: "libvips42" },
  rmagick: { headers: "libmagickwand-dev", library: "libmagickwand-6.q16-6" },
};

/** Ruby: gems in a folder of their own, assets compiled where there are some. */
export function rubyRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const image = exactRuby(service, site.plan.tree) ?? site.image("ruby", service.runtime.version);
  if (image === undefined) return undefined;
  const rails = service.framework === "rails";
  const locked = site.has("Gemfile.lock");
  const settings = `${locked ? "BUNDLE_DEPLOYMENT=1 " : ""}BUNDLE_WITHOUT=development:test BUNDLE_PATH=/usr/local/bundle`;
  const mode = rails ? "RAILS_ENV=production RAILS_LOG_TO_STDOUT=1 RAILS_SERVE_STATIC_FILES=1" : "RACK_ENV=production";
  const gems = Object.keys(GEMS).filter((gem) =>
    new RegExp(`^\\s*gem ["']${gem}["']`, "m").test(site.text("Gemfile") ?? ""),
  );
  const bundle = "bundle install\n&& rm -rf /usr/local/bundle/ruby/*/cache";
  const { stages, instructions } = scripts(site);
  const javascript = runsScripts(service, site.plan.tree) ? ["nodejs"] : [];
  const build: Stage = {
    image,
    name: "build",
    instructions: [
      env(`${mode} ${settings}`),
      workdir(HOME),
      ...aptInstall([
        "build-essential",
        "git",
        "libyaml-dev",
        "pkg-config",
        ...(stages.length === 0 ? javascript : []),
        ...compiling(service.native),
        ...gems.map((gem) => GEMS[gem]?.headers ?? ""),
      ]),
      ...copyFiles(present(site, ["Gemfile", "Gemfile.lock", ".ruby-version", ".tool-versions"])),
      locked ? run(bundle) : looseRun(bundle, "Gemfile.lock"),
      ...instructions,
      copy(". ."),
      // Assets are made without the real key: nothing that is secret belongs into a layer.
      ...(service.build ? [run(rails ? `${dummyKey(site)} ${service.build}` : service.build)] : []),
    ],
  };
  if (service.role === "static") {
    const server = pageServer(site, `${HOME}/${site.inService(service.output ?? "_site")}`);
    return server && [...stages, build, server];
  }
  if (service.start === null) return undefined;
  return [
    ...stages,
    {
      ...build,
      instructions: [...build.instructions, ...(stages.length > 0 ? [run("rm -rf node_modules tmp/cache")] : [])],
    },
    {
      image,
      instructions: [
        env(`${mode} ${settings}${rails ? " PIDFILE=/tmp/server.pid" : ""}`),
        workdir(HOME),
        ...aptInstall([...javascript, ...running(service.native), ...gems.map((gem) => GEMS[gem]?.library ?? "")]),
        copy("--from=build /usr/local/bundle /usr/local/bundle"),
        copy(`--from=build ${HOME} ${HOME}`),
        ...writableFolders(service),
        ...listens(service),
        ...startsAs(service.start),
      ],
    },
  ];
}

/** Rails from 7.1 on takes a key that means nothing while assets are made; before, any key does. */
function dummyKey(site: Site): string {
  const [, major = "8", minor = "0"] = /^ {4}rails \((\d+)\.(\d+)/m.exec(site.text("Gemfile.lock") ?? "") ?? [];
  const known = Number(major) > 7 || (Number(major) === 7 && Number(minor) >= 1);
  return known ? "SECRET_KEY_BASE_DUMMY=1" : "SECRET_KEY_BASE=1";
}

/** Node for assets that a bundler of npm makes. */
function scripts(site: Site): { stages: Stage[]; instructions: Stage["instructions"] } {
  const image = site.has("package.json") ? site.image("node") : undefined;
  if (image === undefined || !site.service.build) return { stages: [], instructions: [] };
  const { stage, instructions } = nodeBeside(image);
  const manager = managerIn(site);
  const files = [
    "package.json",
    "package-lock.json",
    "yarn.lock",
    ".yarnrc.yml",
    "pnpm-lock.yaml",
    "bun.lock",
    ".npmrc",
  ];
  const installs: Record<string, string> = {
    npm: site.has("package-lock.json") ? "npm ci" : "npm install --no-audit --no-fund",
    yarn: "npm install --global yarn\n&& yarn install --frozen-lockfile",
    pnpm: "npm install --global pnpm\n&& pnpm install --frozen-lockfile",
    bun: "npm install --global bun\n&& bun install --frozen-lockfile",
  };
  const install = installs[manager] ?? "npm ci";
  const loose = manager === "npm" && !site.has("package-lock.json");
  return {
    stages: [stage],
    instructions: [
      ...instructions,
      ...copyFiles(present(site, files)),
      loose ? looseRun(install, "package-lock.json") : run(install),
    ],
  };
}
