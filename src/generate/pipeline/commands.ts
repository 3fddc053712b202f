import { quoteForShell } from "../../exec/quote.ts";
import { recordAt, stringAt } from "../../formats/document.ts";
import { parseJson } from "../../formats/json.ts";
import { joinPath } from "../../formats/tree.ts";
import type { Plan, PlannedService } from "../plan.ts";
import { frameworkTests } from "./framework-tests.ts";

/** What a pipeline runs for a service. Commands that are null do not exist there. */
export interface Commands {
  /** Folder in which packages are installed, and the one the rest runs in; `.` is the root. */
  root: string;
  folder: string;
  /** Makes the package manager itself available. */
  setUp: string | null;
  install: string | null;
  /** Builds the packages of the workspace that it is made of; in `root`. */
  prepare: string | null;
  lint: string | null;
  /** Brings the database of the tests to the schema that they expect; null where the tests do so. */
  migrate: string | null;
  test: string | null;
  build: string | null;
  /** Looks for known faults of packages. */
  audit: string | null;
}

/** The services whose checks differ: programs of one folder are checked together, beside the stores of all of them. */
export function checkedServices(plan: Plan): PlannedService[] {
  const found = new Map<string, PlannedService>();
  for (const service of plan.services) {
    const key = JSON.stringify([commandsOf(service, plan), service.runtime]);
    const first = found.get(key);
    const merged = first && {
      ...first,
      stores: [...new Set([...first.stores, ...service.stores])],
      env: [...first.env, ...service.env.filter(({ name }) => first.env.every((variable) => variable.name !== name))],
    };
    found.set(key, merged ?? service);
  }
  return [...found.values()];
}

type Found = Partial<Omit<Commands, "root" | "folder">>;
type Recipe = (site: CommandSite) => Found;
interface CommandSite {
  plan: Plan;
  service: PlannedService;
  /** Whether the folder of the packages has a file; its text. */
  has(path: string): boolean;
  text(path: string): string;
  version(tool: string): string;
}

/** The commands of a service, from its lockfile and its own scripts. */
export function commandsOf(service: PlannedService, plan: Plan): Commands {
  const root = service.workspace ?? service.path;
  const at = (path: string) => joinPath(root, path) ?? path;
  const site: CommandSite = {
    plan,
    service,
    has: (path) => plan.tree.has(at(path)),
    text: (path) => plan.tree.text(at(path)) ?? "",
    version: (tool) => plan.pins.tools[tool]?.version ?? "latest",
  };
  const recipe = RECIPES[service.packageManager ?? ""] ?? RECIPES[service.runtime.name];
  const found = recipe?.(site) ?? { install: service.install, test: service.test, build: service.build };
  const none = {
    setUp: null,
    install: null,
    prepare: null,
    lint: null,
    migrate: null,
    test: null,
    build: null,
    audit: null,
  };
  return { root, folder: service.path, ...none, ...found };
}

type NodeManager = "npm" | "pnpm" | "yarn" | "bun";

/** How each runs a program of an installed package. */
const EXECUTE: Record<NodeManager, string> = {
  npm: "npx --no-install",
  pnpm: "pnpm exec",
  yarn: "yarn run",
  bun: "bunx",
};

/** The migration of the plan as it runs beside the sources. */
function migration({ migrations }: PlannedService, runner: string): string | null {
  if (migrations === null) return null;
  return through(migrations.command, runner, /^(?:node|npm|npx|pnpm|yarn|bun|bunx) /);
}

/** A command behind what runs installed programs, where it does not begin with such a word; that of a folder stays in front. */
function through(command: string, runner: string, itself: RegExp): string {
  const [, place = "", program = command] = /^(cd \S+ && )(.+)$/.exec(command) ?? [];
  const whole = `${place}${itself.test(program) ? "" : `${runner} `}${program}`.trim();
  // What runs behind it in the same shell stays where it is.
  return place === "" ? whole : `(${whole})`;
}

function node(manager: NodeManager, how: (site: CommandSite) => Found): Recipe {
  return (site) => {
    const { plan, service } = site;
    const own = recordAt(parseJson(plan.tree.text(joinPath(service.path, "package.json") ?? "") ?? "{}").value);
    const script = (name: string) => stringAt(own, ["scripts", name]);
    const runs = (name: string) => (script(name) === undefined ? null : `${manager} run ${name}`);
    // What `npm init` writes always fails.
    const tests = /no test specified/.test(script("test") ?? "") ? null : (runs("test") ?? service.test);
    const build = runs("build") ?? service.build;
    return {
      prepare: builtBefore(manager, site),
      lint: runs("lint"),
      migrate: migration(service, EXECUTE[manager]),
      test: tests,
      build,
      ...how(site),
    };
  };
}

/** Packages of the workspace are used as they are built: pnpm knows their order, others take the plan's. */
function builtBefore(manager: NodeManager, { plan, service }: CommandSite): string | null {
  const built = service.internal.filter((folder) => {
    const text = plan.tree.text(`${folder}/package.json`);
    return text !== undefined && stringAt(parseJson(text).value, ["scripts", "build"]) !== undefined;
  });
  if (built.length === 0) return null;
  if (manager === "pnpm") return `pnpm --filter "./${relative(service.workspace ?? ".", service.path)}^..." run build`;
  return built
    .map((folder) => `(cd ${quoteForShell([relative(service.workspace ?? ".", folder)])} && ${manager} run build)`)
    .join(" && ");
}

function relative(root: string, folder: string): string {
  return root === "." ? folder : folder.replace(`${root}/`, "");
}

/** Words that find the packages of Python themselves, and programs that have none. */
const OF_ITSELF = /^(?:uv|poetry|pdm|pipenv|make|just|hatch|docker|\.\/)\b/;

function python(run: string, how: (site: CommandSite) => Found): Recipe {
  return (site) => {
    const { service } = site;
    const inside = (command: string | null) => command && through(command, run, OF_ITSELF);
    const found = how(site);
    const ruff = ["pyproject.toml", "requirements-dev.txt", "dev-requirements.txt", "Pipfile"].some((file) =>
      /^\s*"?ruff\b|[["']ruff[<>=~"' \]]/m.test(site.text(file)),
    );
    // Django makes a database of its own for each run of its tests.
    const migrations = service.migrations?.tool === "django" ? null : (service.migrations?.command ?? null);
    const lint = ruff ? inside("ruff check .") : null;
    return {
      lint,
      migrate: inside(migrations),
      test: allOf(frameworkTests(service, site.plan), inside) ?? inside(service.test),
      ...found,
    };
  };
}

/** Each command of a line behind what runs it; what only sets variables stays. */
function allOf(line: string | null, inside: (command: string) => string | null): string | null {
  const each = line?.split(" && ").map((one) => (one.startsWith("export ") ? one : inside(one)));
  return each?.join(" && ") ?? null;
}

function pipInstall(site: CommandSite): string {
  const files = ["requirements-dev.txt", "requirements-test.txt", "dev-requirements.txt", "requirements/dev.txt"];
  const more = files.filter(site.has).map((file) => `-r ${file}`);
  const base = site.service.install ?? (site.has("requirements.txt") ? "pip install -r requirements.txt" : null);
  const own = base?.startsWith("pip install") ? base : "pip install .";
  const named = [...files, "requirements.txt", "pyproject.toml", "setup.py", "setup.cfg"].some((file) =>
    /\bpytest\b/.test(site.text(file)),
  );
  // Many repositories name it nowhere.
  const tests = /^(?:python -m )?pytest\b/.test(site.service.test ?? "") && !named ? ["pytest"] : [];
  return [own, ...more, ...tests].join(" ");
}

function jvm(wrapper: string, program: string, tasks: { test: string; build: string | null }): Recipe {
  return (site) => {
    const command = site.has(wrapper) ? `./${wrapper}` : program;
    const flags = program === "mvn" ? " -B -ntp" : " --no-daemon";
    return { test: `${command}${flags} ${tasks.test}`, build: tasks.build && `${command}${flags} ${tasks.build}` };
  };
}

const GO: Recipe = ({ service, version }) => ({
  install: "go mod download",
  lint: "go vet ./...",
  test: service.test ?? "go test ./...",
  build: "go build ./...",
  audit: `go run golang.org/x/vuln/cmd/govulncheck@v${version("govulncheck")} ./...`,
});

const RECIPES: Record<string, Recipe> = {
  npm: node("npm", ({ has }) => ({
    install: has("package-lock.json") || has("npm-shrinkwrap.json") ? "npm ci" : "npm install --no-audit --no-fund",
    audit: has("package-lock.json") ? "npm audit --omit=dev --audit-level=high" : null,
  })),
  pnpm: node("pnpm", ({ has, text, version }) => {
    const named = /"packageManager":\s*"pnpm@(\d+\.\d+\.\d+)/.exec(text("package.json"))?.[1];
    // pnpm 8 wrote version 6 of the lockfile; newer ones cannot keep it.
    const old = /^lockfileVersion:\s*'?6/m.test(text("pnpm-lock.yaml"));
    return {
      setUp: `npm install --global pnpm@${named ?? version(old ? "pnpm-8" : "pnpm")}`,
      install: has("pnpm-lock.yaml") ? "pnpm install --frozen-lockfile" : "pnpm install",
      audit: has("pnpm-lock.yaml") ? "pnpm audit --prod --audit-level high" : null,
    };
  }),
  yarn: node("yarn", ({ has }) =>
    has(".yarnrc.yml")
      ? { setUp: "corepack enable", install: "yarn install --immutable" }
      : { install: has("yarn.lock") ? "yarn install --frozen-lockfile" : "yarn install" },
  ),
  bun: node("bun", ({ has, service, version }) => ({
    setUp: service.runtime.name === "bun" ? null : `npm install --global bun@${version("bun")}`,
    install: has("bun.lock") || has("bun.lockb") ? "bun install --frozen-lockfile" : "bun install",
  })),
  deno: ({ service }) => ({ install: "deno install", test: service.test ?? "deno test", build: service.build }),
  uv: python("uv run", ({ has, version }) => ({
    setUp: `pip install --no-cache-dir uv==${version("uv")}`,
    install: has("uv.lock") ? "uv sync --locked" : "uv sync",
  })),
  poetry: python("poetry run", ({ version }) => ({
    setUp: `pip install --no-cache-dir poetry==${version("poetry")}`,
    install: "poetry install --no-interaction",
  })),
  pdm: python("pdm run", ({ version }) => ({
    setUp: `pip install --no-cache-dir pdm==${version("pdm")}`,
    install: "pdm sync --dev",
  })),
  pipenv: python("pipenv run", ({ version }) => ({
    setUp: `pip install --no-cache-dir pipenv==${version("pipenv")}`,
    install: "pipenv sync --dev",
  })),
  pip: python("", (site) => ({
    install: pipInstall(site),
    audit: site.has("requirements.txt")
      ? `pip install --no-cache-dir pip-audit==${site.version("pip-audit")} && pip-audit -r requirements.txt`
      : null,
  })),
  go: GO,
  cargo: ({ has, service }) => {
    const locked = has("Cargo.lock") ? " --locked" : "";
    return {
      install: `cargo fetch${locked}`,
      test: service.test ?? `cargo test${locked}`,
      build: `cargo build${locked}`,
    };
  },
  // Its tests come behind the build.
  maven: jvm("mvnw", "mvn", { test: "verify", build: null }),
  gradle: jvm("gradlew", "gradle", { test: "test", build: "assemble" }),
  bundler: ({ service }) => ({ install: "bundle install", test: service.test }),
  composer: ({ service, plan }) => ({
    install: "composer install --no-interaction --no-progress",
    test: frameworkTests(service, plan) ?? service.test,
  }),
  nuget: ({ has }) => ({
    install: has("packages.lock.json") ? "dotnet restore --locked-mode" : "dotnet restore",
    build: "dotnet build --configuration Release --no-restore",
    test: "dotnet test --configuration Release --no-restore",
  }),
  mix: ({ has, service }) => ({
    setUp: "mix local.hex --force && mix local.rebar --force",
    install: `mix deps.get${has("mix.lock") ? " --check-locked" : ""}`,
    lint: has(".formatter.exs") ? "mix format --check-formatted" : null,
    test: service.test ?? "mix test",
  }),
};
