import { expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "../testing.ts";

const KIT =
  "import adapter from '@sveltejs/adapter-NAME';\nconst config = { kit: { adapter: adapter(OPTIONS) } };\nexport default config;\n";
const kit = (name: string, options = ""): Repository => ({
  "package.json": pack(
    { dev: "vite dev", build: "vite build", preview: "vite preview" },
    [],
    dev("@sveltejs/kit", `@sveltejs/adapter-${name}`, "vite", "svelte"),
  ),
  "svelte.config.js": KIT.replace("NAME", name).replace("OPTIONS", options),
  "vite.config.js": "export default {}",
  "src/routes/+page.svelte": "<h1>x</h1>",
});
const angular = (
  options: object,
  builder = "@angular-devkit/build-angular:application",
  more: object = {},
): Repository => ({
  "package.json": pack(
    { ng: "ng", start: "ng serve", build: "ng build" },
    ["@angular/core", "express"],
    dev("@angular/cli", "typescript"),
  ),
  "angular.json": {
    projects: {
      ui: { projectType: "library" },
      shop: { projectType: "application", architect: { build: { builder, options }, ...more } },
    },
  },
  "src/main.ts": "bootstrap()",
});
test.each<[string, Repository, Record<string, unknown>]>([
  [
    "SvelteKit on Node",
    kit("node"),
    { framework: "sveltekit", kind: "ssr", render: "server", start: "node build", port: 3000 },
  ],
  [
    "SvelteKit on Node under another name",
    {
      ...kit("node"),
      "svelte.config.js":
        "import node from '@sveltejs/adapter-node'\nexport default { kit: { adapter: node({ out: 'dist' }) } }",
    },
    { start: "node dist", port: 3000 },
  ],
  [
    "SvelteKit with two adapters, of which one is called",
    {
      ...kit("node"),
      "svelte.config.js":
        "import auto from '@sveltejs/adapter-auto'\nimport files from '@sveltejs/adapter-static'\nexport default { kit: { adapter: files({ pages: 'out', fallback: '200.html' }) } }",
    },
    { kind: "spa", output: "out", start: undefined },
  ],
  [
    "SvelteKit where a variable chooses the adapter",
    {
      ...kit("node"),
      "svelte.config.js":
        "import vercel from '@sveltejs/adapter-vercel'\nimport node from '@sveltejs/adapter-node'\nexport default { kit: { adapter: process.env.VERCEL ? vercel() : node() } }",
    },
    { kind: "ssr", start: "node build", port: 3000 },
  ],
  ["SvelteKit on Node, elsewhere", kit("node", "{ out: 'server' }"), { start: "node server" }],
  [
    "SvelteKit as files",
    kit("static", "{ pages: 'out' }"),
    { kind: "static", render: "export", output: "out", start: undefined },
  ],
  ["SvelteKit as one page", kit("static", "{ fallback: 'index.html' }"), { kind: "spa", output: "build" }],
  [
    "SvelteKit for whichever host",
    kit("auto"),
    { framework: "sveltekit", kind: "ssr", start: undefined, output: undefined },
  ],
  ["SvelteKit for a host", kit("vercel"), { framework: "sveltekit", render: "server", start: undefined }],
  [
    "Astro",
    {
      "package.json": pack({ dev: "astro dev", start: "astro dev", build: "astro build" }, ["astro"]),
      "astro.config.mjs": "export default defineConfig({ outDir: './public_html' })",
      "src/pages/index.astro": "",
    },
    { framework: "astro", kind: "static", render: "export", output: "public_html", start: undefined },
  ],
  [
    "Astro on Node",
    {
      "package.json": pack({ build: "astro build" }, ["astro", "@astrojs/node"]),
      "astro.config.mjs":
        "import node from '@astrojs/node'\nexport default defineConfig({ output: 'server', adapter: node({ mode: 'standalone' }) })",
    },
    { kind: "ssr", render: "server", start: "node ./dist/server/entry.mjs", port: 4321, output: undefined },
  ],
  [
    "Astro inside another server",
    {
      "package.json": pack({ build: "astro build" }, ["astro", "@astrojs/node"]),
      "astro.config.mjs": "import node from '@astrojs/node'\nexport default { adapter: node({ mode: 'middleware' }) }",
    },
    { render: "server", start: undefined },
  ],
  [
    "Angular",
    angular({ outputPath: "dist/shop" }),
    { framework: "angular", kind: "spa", output: "dist/shop/browser", start: undefined, render: undefined },
  ],
  [
    "Angular with the older builder",
    angular({ outputPath: "dist/shop" }, "@angular-devkit/build-angular:browser"),
    { output: "dist/shop" },
  ],
  [
    "Angular without an output path",
    angular({ browser: "src/main.ts" }, "@angular/build:application"),
    { output: "dist/shop/browser" },
  ],
  ["Angular with a folder for pages", angular({ outputPath: { base: "./public", browser: "" } }), { output: "public" }],
  [
    "Angular with a server",
    angular({ outputPath: "dist/shop", ssr: { entry: "server.ts" } }),
    { kind: "ssr", render: "server", start: "node dist/shop/server/server.mjs", port: 4000, output: undefined },
  ],
  [
    "Angular, rendered in the build",
    angular({ outputMode: "static", ssr: { entry: "x" } }),
    { kind: "static", render: "export", output: "dist/shop/browser", start: undefined },
  ],
  [
    "Angular Universal",
    angular({ outputPath: "dist/shop/browser" }, "x:browser", {
      server: { options: { outputPath: "dist/shop/server" } },
    }),
    { kind: "ssr", start: "node dist/shop/server/main.js" },
  ],
])("SvelteKit, Astro and Angular: %s", (_, repository, expected) =>
  expect(picked(told(repository), expected)).toEqual(expected),
);
