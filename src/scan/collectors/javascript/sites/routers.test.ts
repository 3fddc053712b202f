import { expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "../testing.ts";

test.each<[string, Repository, Record<string, unknown>]>([
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
])("frameworks of routers: %s", (_, repository, expected) =>
  expect(picked(told(repository), expected)).toEqual(expected),
);
