import { expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "../testing.ts";

test.each<[string, Repository, Record<string, unknown>]>([
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
])("Next and Nuxt: %s", (_, repository, expected) => expect(picked(told(repository), expected)).toEqual(expected));
