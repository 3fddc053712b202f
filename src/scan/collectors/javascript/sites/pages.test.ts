import { expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "../testing.ts";

const vite = (config: string, more: Repository = {}): Repository => ({
  "package.json": pack({ dev: "vite", build: "vite build" }, ["react"], dev("vite", "vitest", "storybook")),
  "vite.config.ts": config,
  "index.html": "<div></div>",
  ...more,
});

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "React Router as a library",
    vite("export default {}", {
      "package.json": pack({ dev: "vite", build: "vite build" }, ["react-router", "react-router-dom"], dev("vite")),
    }),
    { framework: "vite", kind: "spa" },
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
])("generators and bundlers: %s", (_, repository, expected) =>
  expect(picked(told(repository), expected)).toEqual(expected),
);
