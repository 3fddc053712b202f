import { memoryTree } from "../../formats/tree.ts";
import type { GeneratedFile } from "../kind.ts";
import { type Plan, TARGETS } from "../plan.ts";
import { plan, service, variable } from "../testing.ts";

/** Repositories of many forms, by name, each for every target. */
export function manyPlans(): [string, Plan][] {
  const forms: [string, Partial<Plan>][] = [
    ["an API and pages", {}],
    [
      "previews",
      {
        environments: [
          ...plan().environments,
          { name: "preview", target: "compose", branch: null, production: false, preview: true },
        ],
      },
    ],
    [
      "one service at the root",
      { services: [service("shop", { path: ".", lockfile: "package-lock.json" })], stores: [] },
    ],
    [
      "a worker only",
      { services: [service("worker", { role: "worker", kind: "worker", port: null, health: null })], stores: [] },
    ],
    [
      "pages only",
      {
        services: [service("web", { role: "static", kind: "spa", build: "npm run build", output: "dist", spa: true })],
        stores: [],
      },
    ],
    [
      "no domain, no registry",
      { domain: null, repository: null, services: [service("api", { image: "shop-api" })], stores: [] },
    ],
    [
      "another registry, another branch",
      { defaultBranch: "trunk", services: [service("api", { image: "registry.example.com/shop/api" })] },
    ],
    ["a workspace of pnpm", workspace()],
    ["many languages", languages()],
    ["all stores", allStores()],
  ];
  return forms.flatMap(([name, given]) =>
    TARGETS.map((target): [string, Plan] => [`${name}, ${target}`, plan({ ...given, target })]),
  );
}

function workspace(): Partial<Plan> {
  const own = { packageManager: "pnpm", lockfile: "pnpm-lock.yaml", workspace: ".", internal: ["packages/ui"] };
  return {
    services: [service("admin", { path: "apps/admin", ...own }), service("site", { path: "apps/site", ...own })],
    stores: [],
    tree: memoryTree({
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      "package.json": '{"packageManager": "pnpm@9.15.9"}',
      ".nvmrc": "22\n",
      "apps/admin/package.json": '{"scripts": {"lint": "eslint .", "test": "vitest run", "build": "vite build"}}',
      "apps/site/package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}',
    }),
  };
}

function languages(): Partial<Plan> {
  const of = (name: string, language: string, runtime: string, packageManager: string, version: string | null = null) =>
    service(name, {
      language,
      runtime: { name: runtime, version },
      packageManager,
      lockfile: null,
      test: null,
      install: null,
    });
  return {
    services: [
      service("py", {
        language: "Python",
        runtime: { name: "python", version: "3.13" },
        packageManager: "uv",
        lockfile: "py/uv.lock",
        test: "pytest -q",
      }),
      service("poet", {
        language: "Python",
        runtime: { name: "python", version: ">=3.11" },
        packageManager: "poetry",
        lockfile: "poet/poetry.lock",
        test: "pytest",
      }),
      of("go", "Go", "go", "go", "1.25"),
      of("rs", "Rust", "rust", "cargo"),
      of("jvm", "Java", "java", "maven", "21"),
      of("kt", "Kotlin", "java", "gradle", "17"),
      of("rb", "Ruby", "ruby", "bundler", "3.4.1"),
      of("php", "PHP", "php", "composer", "8.4"),
      of("net", "C#", "dotnet", "nuget", "8.0"),
      of("ex", "Elixir", "elixir", "mix", "1.18"),
      of("bun", "TypeScript", "bun", "bun"),
      of("deno", "TypeScript", "deno", "deno"),
      of("odd", "COBOL", "cobol", "none"),
    ],
    stores: [],
  };
}

function allStores(): Partial<Plan> {
  const kinds = [
    "postgres",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "rabbitmq",
    "kafka",
    "elasticsearch",
    "s3",
  ] as const;
  const env = kinds.map((kind) => variable(`${kind.toUpperCase()}_URL`, { class: "secret", store: kind }));
  return {
    services: [service("api", { stores: [...kinds], env })],
    stores: kinds.map((kind) => ({
      name: kind,
      kind,
      version: null,
      variables: [`${kind.toUpperCase()}_URL`],
      extensions: [],
    })),
  };
}

/** The repository with what was generated. */
export function treeWith({ tree }: Plan, files: readonly GeneratedFile[]) {
  return memoryTree(
    Object.fromEntries([
      ...tree.paths.map((path) => [path, tree.text(path) ?? ""]),
      ...files.map(({ path, text }) => [path, text]),
    ]),
  );
}
