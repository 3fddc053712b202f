/**
 * What a command of a script does: `server` answers or works until it is stopped, `runner` is a server from sources that are not
 * built, `static` serves built files, `development` watches or rebuilds, `step` ends by itself, `group` starts scripts of other packages.
 */
export type CommandRole = "server" | "runner" | "static" | "development" | "step" | "group";

type Rules = CommandRole | readonly (readonly [args: RegExp, role: CommandRole])[];

const ANY = /^/;
/** A tool whose subcommands are `dev` (or none), `build`, and `start` for what was built. */
const site = (
  start: RegExp,
  build = /^(?:build|generate|export|prepare|lint|typecheck|telemetry|info|codegen)\b/,
): Rules => [
  [start, "server"],
  [build, "step"],
  [ANY, "development"],
];
/** A tool that builds files; `serve` are the words with which it shows what it built. */
const builder = (serve: RegExp | null, build = /^(?:build|generate|lint|test|check|clean|sync)\b/): Rules => [
  ...(serve ? [[serve, "static"] as const] : []),
  [build, "step"],
  [ANY, "development"],
];
/** A compiler that ends, unless it watches. */
const compiler: Rules = [
  [/(?:^|\s)(?:-w|--watch|-W|--serve|--dev|-o\s+serve)(?:\s|=|$)|^watch\b/, "development"],
  [ANY, "step"],
];

/** By name of the program; the first rule whose expression is found in the arguments holds. */
const PROGRAMS: Readonly<Record<string, Rules>> = {
  next: site(/^start\b/),
  nuxt: site(/^(?:start|preview)\b/),
  nuxi: site(/^(?:start|preview)\b/),
  "nuxt-ts": site(/^start\b/),
  blitz: site(/^start\b/),
  remix: site(/^serve\b/, /^(?:vite:)?(?:build|reveal)\b/),
  "react-router": builder(null, /^(?:build|typegen|routes|reveal)\b/),
  vinxi: site(/^start\b/),
  "solid-start": site(/^start\b/),
  rw: site(/^serve\b/),
  redwood: site(/^serve\b/),
  strapi: site(/^start\b/),
  keystone: site(/^start\b/, /^(?:build|postinstall|prisma|migrate)\b/),
  medusa: site(/^start\b/, /^(?:build|db:|migrations|seed|exec|user)/),
  directus: site(/^start\b/, /^(?:bootstrap|database|schema|users|roles|init|count)\b/),
  sapper: site(/^start\b/),
  shopify: builder(null),
  meteor: builder(null),
  nest: [
    [/^build\b/, "step"],
    [ANY, "development"],
  ],
  nitropack: builder(/^preview\b/),
  nitro: builder(/^preview\b/),
  ...roles("server", "sails moleculer-runner probot"),
  "egg-bin": "development",
  vite: builder(/^preview\b/, /^(?:build|optimize)\b/),
  astro: builder(/^preview\b/, /^(?:build|check|sync|add|telemetry|db|info)\b/),
  gatsby: builder(/^serve\b/, /^(?:build|clean|info|telemetry)\b/),
  docusaurus: builder(/^serve\b/, /^(?:build|clear|swizzle|deploy|write-translations|write-heading-ids)\b/),
  vitepress: builder(/^(?:preview|serve)\b/),
  vuepress: builder(null),
  eleventy: compiler,
  "@11ty/eleventy": compiler,
  hexo: builder(null, /^(?:generate|g|clean|deploy|d)\b/),
  gridsome: builder(null),
  ng: builder(null, /^(?:build|test|lint|e2e|extract-i18n|run\s+[^\s:]+:(?:build|server|prerender))\b/),
  "vue-cli-service": builder(null, /^(?:build|lint|test|inspect)\b/),
  "react-scripts": builder(null, /^(?:build|test|eject)\b/),
  "react-scripts-ts": builder(null, /^(?:build|test|eject)\b/),
  craco: builder(null, /^(?:build|test|eject)\b/),
  "react-app-rewired": builder(null, /^(?:build|test|eject)\b/),
  rescripts: builder(null, /^(?:build|test)\b/),
  ember: builder(null, /^(?:build|b|test)\b/),
  stencil: compiler,
  umi: builder(/^preview\b/, /^(?:build|setup|g)\b/),
  max: builder(/^preview\b/, /^(?:build|setup|g)\b/),
  sanity: builder(/^(?:start|preview)\b/, /^(?:build|deploy|schema|typegen|manifest)\b/),
  preact: builder(/^serve\b/, /^build\b/),
  polymer: builder(null, /^build\b/),
  "wp-scripts": builder(null),
  // Of Laravel Mix, or of Elixir.
  mix: [
    [/^(?:phx|phoenix)\.server\b/, "server"],
    [/^watch\b/, "development"],
    [ANY, "step"],
  ],
  quasar: builder(/^serve\b/, /^(?:build|prepare|clean|ext|mode|info|upgrade|inspect)\b/),
  brunch: builder(null, /^(?:build|b)\b/),
  parcel: builder(null, /^build\b/),
  "parcel-bundler": builder(null, /^build\b/),
  snowpack: builder(null, /^build\b/),
  rsbuild: builder(/^preview\b/),
  rspack: builder(/^preview\b/),
  rspress: builder(/^preview\b/),
  farm: builder(/^preview\b/),
  wmr: builder(/^serve\b/),
  webpack: [[/^(?:serve|s)\b/, "development"], ...(compiler as readonly (readonly [RegExp, CommandRole])[])],
  rollup: compiler,
  esbuild: compiler,
  tsc: compiler,
  "vue-tsc": compiler,
  tsup: compiler,
  tsdown: compiler,
  swc: compiler,
  babel: compiler,
  ncc: compiler,
  microbundle: compiler,
  unbuild: compiler,
  bunchee: compiler,
  tshy: compiler,
  zshy: compiler,
  sass: compiler,
  "node-sass": compiler,
  lessc: compiler,
  postcss: compiler,
  tailwindcss: compiler,
  "@tailwindcss/cli": compiler,
  gulp: builder(null, /^(?:build|dist|compile|prod|production|release)\b/),
  grunt: builder(null, /^(?:build|dist|compile|prod|production|release)\b/),
  ...roles(
    "static",
    "serve json-server http-server sirv sirv-cli superstatic angular-http-server static-server local-web-server ws spa-http-server vite-preview node-static",
  ),
  ...roles(
    "development",
    "webpack-dev-server live-server browser-sync lite-server nodemon ts-node-dev tsnd node-dev supervisor wrangler workerd miniflare vercel now netlify " +
      "firebase sls serverless sam sst cdk expo react-native electron electron-forge electron-builder electron-vite tauri storybook start-storybook " +
      "react-snap ionic cap capacitor nativescript plasmo wxt web-ext budo beefy metro ntl partykit functions-framework-dev tsc-watch onchange chokidar " +
      "foreman overmind hivemind honcho heroku symfony bin/dev ./bin/dev playwright cypress vitest jest mocha karma ts-standard convex inngest inngest-cli encore mprocs tilt docker docker-compose podman",
  ),
  ...roles(
    "step",
    "echo printf mkdir cp mv rm rimraf del-cli copyfiles cpx cpy shx touch chmod ln sleep true false test [ [[ if then fi wait-on wait-port wait-for-it wait-for-it.sh " +
      "./wait-for-it.sh ./wait-for.sh dockerize kill-port fkill husky lefthook patch-package prisma drizzle-kit knex typeorm typeorm-ts-node-commonjs typeorm-ts-node-esm " +
      "sequelize sequelize-cli mikro-orm migrate migrate-mongo db-migrate node-pg-migrate umzug dbmate flyway graphql-codegen graphql eslint prettier biome tslint stylelint " +
      "npm yarn pnpm bun npx corepack git curl wget cat source . open opener export-env tar zip unzip find ls pwd which node-gyp sharp svgo contentlayer contentlayer2 velite " +
      "tap ava jasmine nyc c8 uvu tape lab borp web-test-runner wtr xo standard size-limit jsdoc typedoc np release-it " +
      "fumadocs-mdx paraglide-js panda chakra openapi openapi-generator-cli openapi-typescript tsoa protoc buf next-sitemap",
  ),
  ...roles(
    "runner",
    "ts-node ts-node-esm ts-node-transpile-only tsx babel-node esno esmo esr sucrase-node vite-node swc-node jiti esbuild-runner esbuild-register coffee",
  ),
  // Generators of pages that are no packages of JavaScript.
  hugo: [
    [/^serve(?:r)?\b/, "development"],
    [ANY, "step"],
  ],
  zola: [
    [/^serve\b/, "development"],
    [ANY, "step"],
  ],
  mkdocs: [
    [/^serve\b/, "development"],
    [ANY, "step"],
  ],
  ...roles("group", "turbo lerna nx rush moon wsrun ultra lage wireit"),
};

function roles(role: CommandRole, names: string): Record<string, Rules> {
  return Object.fromEntries(names.split(" ").map((name) => [name, role]));
}

const FOREIGN =
  /^(?:php|python[\d.]*|ruby|bundle|rails|rake|rackup|puma|jekyll|middleman|composer|dotnet|go|air|cargo|mix|iex|mvnw?|gradlew?|java|flask|uvicorn|gunicorn|daphne|hypercorn|poetry|uv|pipenv|pdm|hatch|streamlit|django-admin|hugo|mkdocs|zola)$|^(?:\.\/)?(?:mvnw|gradlew|manage\.py|artisan|bin\/(?:rails|rake|dev|console))$/;

/** Whether a program belongs to another language. */
export function isForeignProgram(program: string): boolean {
  return FOREIGN.test(program);
}

/** Whether anything is known of a program. */
export function isKnownProgram(program: string): boolean {
  return Object.hasOwn(PROGRAMS, program);
}

/** Words with which programs are told to rebuild: true of most that are in no table. */
const REBUILDS = /^(?:dev|develop|watch)\b|(?:^|\s)(?:--watch|--dev|-w)(?:\s|=|$)/;

/** The role of a command by its program and arguments; `server` where nothing is known of it. */
export function roleOf(program: string, args: readonly string[]): CommandRole {
  const rules = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
  const first = args.findIndex((word) => !word.startsWith("-"));
  // Flags of the tool itself may stand before its verb.
  const line =
    typeof rules === "object" && rules !== compiler ? args.slice(Math.max(0, first)).join(" ") : args.join(" ");
  if (rules === undefined) return REBUILDS.test(line) ? "development" : "server";
  if (typeof rules === "string") return rules;
  return rules.find(([expression]) => expression.test(line))?.[1] ?? "server";
}
