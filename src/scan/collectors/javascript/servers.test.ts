import { expect, test } from "vitest";
import { dev, pack, picked, type Repository, told } from "./testing.ts";

test.each<[string, Repository, Record<string, unknown>]>([
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
      "package.json": pack({ start: "nest start", "start:dev": "nest start --watch", "start:prod": "node dist/main" }, [
        "@nestjs/core",
        "express",
      ]),
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
])("frameworks of servers: %s", (_, repository, expected) =>
  expect(picked(told(repository), expected)).toEqual(expected),
);
