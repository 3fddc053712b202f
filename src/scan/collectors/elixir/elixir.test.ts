import { expect, test } from "vitest";
import { factsBy, lines, valuesBy } from "../python/testing.ts";
import { elixirCollector } from "./index.ts";

type Files = Record<string, string>;

interface Mix {
  deps?: readonly string[];
  project?: readonly string[];
  aliases?: readonly string[];
  module?: boolean;
}

function mix(app: string, { deps = [], project = [], aliases = [], module = true }: Mix = {}): string {
  return lines(
    `defmodule ${app[0]?.toUpperCase()}${app.slice(1)}.MixProject do`,
    "  use Mix.Project",
    "",
    "  def project do",
    "    [",
    `      app: :${app},`,
    '      version: "0.1.0",',
    '      elixir: "~> 1.15",',
    ...project.map((line) => `      ${line}`),
    "      deps: deps()",
    "    ]",
    "  end",
    "",
    "  def application do",
    `    [${module ? `mod: {${app}.Application, []}, ` : ""}extra_applications: [:logger]]`,
    "  end",
    "",
    "  defp deps do",
    "    [",
    ...deps.map((line) => `      ${line},`),
    "    ]",
    "  end",
    "",
    "  defp aliases do",
    `    [${aliases.join(", ")}]`,
    "  end",
    "end",
  );
}

const PHOENIX_DEPS = [
  '{:phoenix, "~> 1.7.10"}',
  '{:phoenix_html, "~> 4.0"}',
  '{:bandit, "~> 1.2"}',
  '{:esbuild, "~> 0.8", runtime: Mix.env() == :dev}',
];
const ENDPOINT = "defmodule ShopWeb.Endpoint do\n  use Phoenix.Endpoint, otp_app: :shop\nend\n";
const PHOENIX: Files = {
  "mix.exs": mix("shop", {
    deps: PHOENIX_DEPS,
    aliases: ['"assets.deploy": ["esbuild default --minify", "phx.digest"]'],
  }),
  "mix.lock": "%{}",
  "lib/shop_web/endpoint.ex": ENDPOINT,
  "config/runtime.exs": lines(
    "import Config",
    "if config_env() == :prod do",
    '  port = String.to_integer(System.get_env("PORT") || "4040")',
    "  config :shop, ShopWeb.Endpoint, http: [ip: {0, 0, 0, 0, 0, 0, 0, 0}, port: port]",
    "end",
  ),
  "config/dev.exs": "config :shop, ShopWeb.Endpoint, http: [ip: {127, 0, 0, 1}, port: 4999]\n",
  "test/shop_test.exs": "",
};

test.each<[string, Files, Record<string, unknown>]>([
  [
    "Phoenix",
    PHOENIX,
    {
      language: "Elixir",
      name: "shop",
      runtime: { name: "elixir", version: "~> 1.15" },
      packageManager: "mix",
      install: "mix deps.get --only prod",
      framework: "phoenix",
      kind: "web",
      build: "mix assets.deploy && mix release",
      start: "bin/shop start",
      port: 4040,
      bind: "::",
      test: "mix test",
    },
  ],
  [
    "a release of another name",
    {
      ...PHOENIX,
      "mix.exs": mix("shop", {
        deps: PHOENIX_DEPS,
        project: ["releases: [store: [include_executables_for: [:unix]]],"],
      }),
    },
    { start: "bin/store start" },
  ],
  ["no port in the settings", { ...PHOENIX, "config/runtime.exs": "import Config" }, { port: 4000 }],
  [
    "the port with a default",
    { ...PHOENIX, "config/runtime.exs": 'port = String.to_integer(System.get_env("PORT", "8000"))' },
    { port: 8000 },
  ],
  [
    "an interface without pages",
    { ...PHOENIX, "mix.exs": mix("shop", { deps: ['{:phoenix, "~> 1.7"}', '{:jason, "~> 1.4"}'] }) },
    { framework: "phoenix", kind: "api", build: "mix release" },
  ],
  [
    "assets of older versions",
    {
      ...PHOENIX,
      "mix.exs": mix("shop", { deps: PHOENIX_DEPS }),
      "assets/package.json": '{"scripts":{"deploy":"webpack --mode production"}}',
      "assets/package-lock.json": "{}",
    },
    { build: "npm --prefix assets ci && npm --prefix assets run deploy && mix phx.digest && mix release" },
  ],
  [
    "Plug with Bandit",
    {
      "mix.exs": mix("api", { deps: ['{:bandit, "~> 1.0"}', '{:plug, "~> 1.15"}'] }),
      "lib/api/application.ex": "children = [{Bandit, plug: Api.Router, port: 4001}]\n",
      "lib/api/router.ex": "defmodule Api.Router do\n  use Plug.Router\nend\n",
    },
    { framework: "plug", kind: "api", start: "bin/api start", build: "mix release", port: 4001 },
  ],
  [
    "Plug with Cowboy",
    {
      "mix.exs": mix("api", { deps: ['{:plug_cowboy, "~> 2.6"}'] }),
      "lib/api/application.ex":
        "children = [{Plug.Cowboy, scheme: :http, plug: Api.Router, options: [port: port()]}]\ndefp port, do: 1\n",
      "lib/api/router.ex": "use Plug.Router\n",
    },
    { framework: "plug", start: "bin/api start" },
  ],
  [
    "a worker",
    { "mix.exs": mix("jobs", { deps: ['{:oban, "~> 2.17"}'] }), "lib/jobs/application.ex": "use Application\n" },
    { kind: "worker", start: "bin/jobs start" },
  ],
  [
    "a library",
    { "mix.exs": mix("money", { module: false, project: ["package: package(),"] }), "lib/money.ex": "" },
    { kind: "library" },
  ],
  [
    "a program of the command line",
    { "mix.exs": mix("tool", { module: false, project: ["escript: [main_module: Tool.CLI],"] }), "lib/tool.ex": "" },
    { kind: "cli" },
  ],
  [
    ".tool-versions",
    { ...PHOENIX, ".tool-versions": "erlang 26.2.1\nelixir 1.16.0-otp-26\n" },
    { runtime: { name: "elixir", version: "1.16.0-otp-26" } },
  ],
  [
    "elixir_buildpack.config",
    { ...PHOENIX, "elixir_buildpack.config": "# x\nelixir_version=1.15.7\nerlang_version=26.1\n" },
    { runtime: { name: "elixir", version: "1.15.7" } },
  ],
  [
    "mix.exs that ends early",
    {
      "mix.exs": 'defmodule X do\n  def project do\n    [app: :half, deps: [{:phoenix, "~> 1.7"',
      "lib/half_web/endpoint.ex": ENDPOINT,
    },
    { language: "Elixir", packageManager: "mix" },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(elixirCollector, files)).toMatchObject(expected);
});

test.each<[string, Files, string]>([
  [
    "Phoenix for tests",
    { "mix.exs": mix("lib", { module: false, deps: ['{:phoenix, "~> 1.7", only: [:dev, :test]}'] }), "lib/x.ex": "" },
    "framework",
  ],
  [
    "a package for Phoenix",
    {
      "mix.exs": mix("kit", { module: false, deps: ['{:phoenix, "~> 1.7"}'], project: ["package: package(),"] }),
      "lib/kit.ex": "use Phoenix.Component",
    },
    "framework",
  ],
  [
    "a comment",
    { "mix.exs": mix("lib", { module: false, deps: ['# {:phoenix, "~> 1.7"}'] }), "lib/x.ex": "" },
    "framework",
  ],
])("%s is a decoy", (_, files, fact) => {
  expect(valuesBy(elixirCollector, files)).not.toHaveProperty([fact]);
});

const UMBRELLA: Files = {
  "mix.exs": lines(
    "defmodule Shop.Umbrella do",
    "  use Mix.Project",
    "  def project do",
    '    [apps_path: "apps", releases: [shop: [applications: [shop: :permanent, shop_web: :permanent]]], deps: deps()]',
    "  end",
    "  defp deps do",
    "    []",
    "  end",
    "end",
  ),
  "config/runtime.exs": 'port = String.to_integer(System.get_env("PORT") || "4000")',
  "apps/shop/mix.exs": mix("shop", { deps: ['{:ecto_sql, "~> 3.11"}'] }),
  "apps/shop/lib/shop.ex": "",
  "apps/shop_web/mix.exs": mix("shop_web", { deps: [...PHOENIX_DEPS, "{:shop, in_umbrella: true}"] }),
  "apps/shop_web/lib/shop_web/endpoint.ex": ENDPOINT,
};

test("an umbrella is one release, its applications are parts", () => {
  expect(valuesBy(elixirCollector, UMBRELLA)).toMatchObject({
    framework: "phoenix",
    start: "bin/shop start",
    port: 4000,
    workspace: ".",
  });
  expect(valuesBy(elixirCollector, UMBRELLA, "apps/shop")).toMatchObject({ kind: "library", workspace: "." });
  const web = valuesBy(elixirCollector, UMBRELLA, "apps/shop_web");
  expect(web).toMatchObject({
    framework: "phoenix",
    kind: "library",
    workspace: ".",
    "internal.apps/shop": { path: "apps/shop" },
  });
  expect(web).not.toHaveProperty("start");
});

test("evidence is where it was written", () => {
  const facts = factsBy(elixirCollector, PHOENIX);
  expect(facts.get("framework")?.evidence[0]).toMatchObject({ file: "mix.exs", line: 19 });
  expect(facts.get("port")?.evidence[0]).toMatchObject({ file: "config/runtime.exs", line: 3 });
});

test("firmware is no service", () => {
  const files = { "mix.exs": mix("lamp", { deps: ['{:nerves, "~> 1.10", runtime: false}'] }), "lib/lamp.ex": "" };
  expect(valuesBy(elixirCollector, files)).toMatchObject({ kind: "library" });
  expect(valuesBy(elixirCollector, files)).not.toHaveProperty("start");
});
