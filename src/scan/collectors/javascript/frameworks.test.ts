import { describe, expect, test } from "vitest";
import { dev, pack, type Repository, told } from "./testing.ts";

type Expected = Record<string, unknown>;
const pick = (values: Record<string, unknown>, keys: Expected) =>
  Object.fromEntries(Object.keys(keys).map((key) => [key, values[key]]));
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
const vite = (config: string, more: Repository = {}): Repository => ({
  "package.json": pack({ dev: "vite", build: "vite build" }, ["react"], dev("vite", "vitest", "storybook")),
  "vite.config.ts": config,
  "index.html": "<div></div>",
  ...more,
});

describe("frameworks, how they render and what they build", () => {
  test.each<[string, Repository, Expected]>([
    [
      "Next",
      {
        "package.json": pack(
          { dev: "next dev", build: "next build", start: "next start" },
          ["next", "react"],
          dev("typescript"),
        ),
        "app/page.tsx": "",
        "tsconfig.json": {},
      },
      {
        framework: "next",
        kind: "ssr",
        render: "server",
        start: "next start",
        port: 3000,
        output: undefined,
        language: "TypeScript",
      },
    ],
    [
      "Next without a start script",
      { "package.json": pack({ build: "next build" }, ["next"]), "pages/index.js": "" },
      { start: "next start", framework: "next" },
    ],
    [
      "Next that exports",
      {
        "package.json": pack({ build: "next build", start: "next start" }, ["next"]),
        "next.config.mjs": "export default { output: 'export' }",
        "pages/index.js": "",
      },
      { framework: "next", kind: "static", render: "export", output: "out", start: undefined, port: undefined },
    ],
    [
      "Next that exports by a script, to a folder of its own",
      {
        "package.json": pack({ build: "next build && next export -o public_html" }, ["next@12"]),
        "pages/index.js": "",
      },
      { render: "export", output: "public_html" },
    ],
    [
      "Next with a computed output",
      {
        "package.json": pack({ build: "next build", start: "next start" }, ["next"]),
        "next.config.js": "module.exports = { output: process.env.X ? 'export' : undefined }",
      },
      { framework: "next", render: undefined, start: "next start" },
    ],
    [
      "Next with a server of its own",
      {
        "package.json": pack({ build: "next build", start: "NODE_ENV=production node server.js" }, ["next", "express"]),
        "server.js": "const next = require('next')\nrequire('express')().listen(4000)",
        "pages/index.js": "",
      },
      { framework: "next", kind: "ssr", start: "NODE_ENV=production node server.js", port: 4000 },
    ],
    [
      "Nuxt in development dependencies",
      {
        "package.json": pack(
          { build: "nuxt build", dev: "nuxt dev", generate: "nuxt generate", postinstall: "nuxt prepare" },
          [],
          dev("nuxt@^3.9.0"),
        ),
        "nuxt.config.ts": "export default defineNuxtConfig({})",
        "app.vue": "<template/>",
      },
      { framework: "nuxt", kind: "ssr", render: "server", start: "node .output/server/index.mjs", port: 3000 },
    ],
    [
      "Nuxt that generates",
      { "package.json": pack({ build: "nuxt generate" }, ["nuxt@^3"]), "app.vue": "" },
      { framework: "nuxt", render: "export", output: ".output/public", start: undefined },
    ],
    [
      "Nuxt without rendering",
      { "package.json": pack({ build: "nuxt build" }, ["nuxt@^3"]), "nuxt.config.ts": "export default { ssr: false }" },
      { render: "export", kind: "spa" },
    ],
    [
      "Nuxt 2",
      {
        "package.json": pack({ build: "nuxt build", dev: "nuxt" }, ["nuxt@^2.15"]),
        "nuxt.config.js": "export default {}",
      },
      { start: "nuxt start", render: "server" },
    ],
    [
      "Nuxt 2, static",
      {
        "package.json": pack({ build: "nuxt generate", start: "nuxt" }, ["nuxt@^2.15"]),
        "nuxt.config.js": "export default { target: 'static' }",
      },
      { output: "dist", render: "export", start: undefined },
    ],
    [
      "Nuxt for a host",
      {
        "package.json": pack({ build: "nuxt build" }, ["nuxt@^3"]),
        "nuxt.config.ts": "export default { nitro: { preset: 'vercel' } }",
      },
      { framework: "nuxt", render: "server", start: undefined },
    ],
    [
      "Remix",
      {
        "package.json": pack(
          { build: "remix vite:build", dev: "remix vite:dev", start: "remix-serve ./build/server/index.js" },
          ["@remix-run/node", "@remix-run/react", "@remix-run/serve"],
          dev("@remix-run/dev", "vite"),
        ),
        "vite.config.ts": "export default defineConfig({ plugins: [remix()] })",
        "app/root.tsx": "",
      },
      {
        framework: "remix",
        kind: "ssr",
        start: "remix-serve ./build/server/index.js",
        port: 3000,
        build: "npm run build",
      },
    ],
    [
      "Remix before Vite",
      {
        "package.json": pack({ build: "remix build" }, ["@remix-run/react", "@remix-run/serve"], dev("@remix-run/dev")),
        "remix.config.js": "module.exports = {}",
        "app/root.jsx": "",
      },
      { framework: "remix", start: "remix-serve build/index.js" },
    ],
    [
      "Remix without rendering",
      {
        "package.json": pack({ build: "remix vite:build" }, ["@remix-run/react"], dev("@remix-run/dev", "vite")),
        "vite.config.ts": "export default { plugins: [remix({ ssr: false })] }",
        "app/root.tsx": "",
      },
      { kind: "spa", render: "export", output: "build/client" },
    ],
    [
      "React Router as a framework",
      {
        "package.json": pack(
          { build: "react-router build", dev: "react-router dev" },
          ["react-router", "@react-router/serve"],
          dev("@react-router/dev", "vite"),
        ),
        "react-router.config.ts": "export default { ssr: true } satisfies Config",
      },
      { framework: "react-router", start: "react-router-serve build/server/index.js", render: "server" },
    ],
    [
      "React Router without rendering",
      {
        "package.json": pack({ build: "react-router build" }, ["react-router"], dev("@react-router/dev")),
        "react-router.config.ts": "export default { ssr: false }",
      },
      { render: "export", output: "build/client" },
    ],
    [
      "React Router as a library",
      vite("export default {}", {
        "package.json": pack({ dev: "vite", build: "vite build" }, ["react-router", "react-router-dom"], dev("vite")),
      }),
      { framework: "vite", kind: "spa" },
    ],
    [
      "SvelteKit on Node",
      kit("node"),
      { framework: "sveltekit", kind: "ssr", render: "server", start: "node build", port: 3000 },
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
        "astro.config.mjs":
          "import node from '@astrojs/node'\nexport default { adapter: node({ mode: 'middleware' }) }",
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
    [
      "Angular with a folder for pages",
      angular({ outputPath: { base: "./public", browser: "" } }),
      { output: "public" },
    ],
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
    [
      "Gatsby",
      {
        "package.json": pack(
          { start: "npm run develop", develop: "gatsby develop", build: "gatsby build", serve: "gatsby serve" },
          ["gatsby"],
        ),
        "gatsby-config.js": "",
      },
      { framework: "gatsby", kind: "static", output: "public", start: undefined },
    ],
    [
      "Docusaurus",
      {
        "package.json": pack({ start: "docusaurus start", build: "docusaurus build", serve: "docusaurus serve" }, [
          "@docusaurus/core",
        ]),
      },
      { framework: "docusaurus", output: "build", start: undefined },
    ],
    [
      "VitePress in a folder",
      { "package.json": pack({ "docs:build": "vitepress build docs" }, [], dev("vitepress")), "docs/index.md": "" },
      { framework: "vitepress", output: "docs/.vitepress/dist", build: "npm run docs:build" },
    ],
    [
      "Eleventy",
      {
        "package.json": pack(
          { start: "npx @11ty/eleventy --serve", build: "npx @11ty/eleventy" },
          [],
          dev("@11ty/eleventy"),
        ),
      },
      { framework: "eleventy", output: "_site", start: undefined },
    ],
    [
      "Eleventy with a folder",
      {
        "package.json": pack({ build: "eleventy" }, [], dev("@11ty/eleventy")),
        ".eleventy.js": "module.exports = (c) => { return { dir: { input: 'src', output: 'public' } } }",
      },
      { output: "public" },
    ],
    [
      "Eleventy with a flag",
      { "package.json": pack({ build: "eleventy --output=./www" }, [], dev("@11ty/eleventy")) },
      { output: "www" },
    ],
    [
      "Hexo",
      {
        "package.json": pack({ build: "hexo generate", server: "hexo server" }, ["hexo"]),
        "_config.yml": "title: x\npublic_dir: out\n",
      },
      { framework: "hexo", output: "out", start: undefined },
    ],
    [
      "Vite",
      vite("export default defineConfig({ build: { outDir: 'build' }, server: { port: 3005 } })"),
      { framework: "vite", kind: "spa", output: "build", start: undefined, port: undefined, render: undefined },
    ],
    [
      "Vite with a root",
      vite("export default { root: 'src', build: { outDir: '../out' } }", { "src/index.html": "" }),
      { output: "out" },
    ],
    [
      "Vite with a resolved folder",
      vite("export default { root: 'src', build: { outDir: path.resolve(__dirname, 'out', 'web') } }"),
      { output: "out/web" },
    ],
    [
      "Vite with a computed folder",
      vite("export default { build: { outDir: process.env.OUT } }"),
      { framework: "vite", kind: "spa", output: undefined },
    ],
    [
      "Vite that builds a library",
      vite("export default { build: { lib: { entry: 'src/main.ts' } } }"),
      { kind: "library", output: undefined, start: undefined },
    ],
    [
      "Create React App",
      {
        "package.json": pack({ start: "react-scripts start", build: "BUILD_PATH=./www react-scripts build" }, [
          "react-scripts",
        ]),
        "src/index.js": "",
      },
      { framework: "create-react-app", kind: "spa", output: "www", start: undefined },
    ],
    [
      "Vue CLI",
      {
        "package.json": pack(
          { serve: "vue-cli-service serve", build: "vue-cli-service build" },
          ["vue"],
          dev("@vue/cli-service"),
        ),
        "vue.config.js": "module.exports = defineConfig({ outputDir: 'www' })",
      },
      { framework: "vue-cli", output: "www", start: undefined },
    ],
    [
      "Parcel",
      {
        "package.json": pack(
          { start: "parcel src/index.html", build: "parcel build src/index.html --dist-dir out" },
          [],
          dev("parcel"),
        ),
        "src/index.html": "",
      },
      { framework: "parcel", output: "out", start: undefined },
    ],
    [
      "webpack with pages",
      {
        "package.json": pack(
          { start: "webpack serve", build: "webpack --config config/webpack.prod.js" },
          ["react-dom"],
          dev("webpack", "html-webpack-plugin"),
        ),
        "config/webpack.prod.js": "module.exports = { output: { path: path.resolve(__dirname, '../public') } }",
        "src/index.js": "",
      },
      { framework: undefined, kind: "spa", output: "public", start: undefined },
    ],
    [
      "SolidStart",
      {
        "package.json": pack({ build: "vinxi build", start: "vinxi start" }, ["@solidjs/start", "vinxi"]),
        "app.config.ts": "import { defineConfig } from '@solidjs/start/config'\nexport default defineConfig({})",
      },
      { framework: "solidstart", start: "vinxi start", kind: "ssr" },
    ],
    [
      "TanStack Start",
      {
        "package.json": pack({ dev: "vite dev", build: "vite build" }, ["@tanstack/react-start", "nitro"], dev("vite")),
        "vite.config.ts": "import { tanstackStart } from '@tanstack/react-start/plugin/vite'\nexport default {}",
      },
      { framework: "tanstack-start", start: "node .output/server/index.mjs" },
    ],
    [
      "Qwik with Express",
      {
        "package.json": pack(
          { build: "qwik build", serve: "node server/entry.express" },
          [],
          dev("@builder.io/qwik-city", "@builder.io/qwik", "vite"),
        ),
        "src/entry.express.tsx": "",
      },
      { framework: "qwik", start: "node server/entry.express" },
    ],
    [
      "Nitro",
      { "package.json": pack({ build: "nitropack build" }, [], dev("nitropack")), "nitro.config.ts": "" },
      { framework: "nitro", start: "node .output/server/index.mjs", kind: "api" },
    ],
    [
      "Strapi",
      {
        "package.json": pack({ develop: "strapi develop", start: "strapi start" }, ["@strapi/strapi"]),
        "config/server.js": "module.exports = ({ env }) => ({ port: env.int('PORT', 1400) })",
      },
      { framework: "strapi", start: "strapi start", port: 1400 },
    ],
    [
      "Adonis",
      {
        "package.json": pack({ build: "node ace build", start: "node bin/server.js" }, ["@adonisjs/core"]),
        "adonisrc.ts": "",
        "bin/server.ts": "",
      },
      { framework: "adonis", start: "node build/bin/server.js", port: 3333 },
    ],
    [
      "Nest",
      {
        "package.json": pack(
          { start: "nest start", "start:dev": "nest start --watch", "start:prod": "node dist/main" },
          ["@nestjs/core", "express"],
        ),
        "src/main.ts": "import { NestFactory } from '@nestjs/core'\nawait app.listen(process.env.PORT ?? 3001)",
      },
      { framework: "nest", kind: "api", start: "node dist/main", port: 3001 },
    ],
    [
      "Nest without a script for production",
      {
        "package.json": pack({ start: "nest start" }, ["@nestjs/core"]),
        "src/main.ts": "import { NestFactory } from '@nestjs/core'\nawait app.listen(3000)",
      },
      { start: "node dist/main" },
    ],
  ])("%s", (_, repository, expected) => expect(pick(told(repository).values, expected)).toEqual(expected));
});
