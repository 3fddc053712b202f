import { describe, expect, test } from "vitest";
import { pack, told } from "../testing.ts";

const express = "import express from 'express'\nconst app = express()\n";
const of = (code: string, more: Record<string, string> = {}) =>
  told({
    "package.json": pack({ start: "tsx src/index.ts" }, ["express", "tsx"]),
    "src/index.ts": express + code,
    ...more,
  });

describe("ports in code", () => {
  test.each<[string, string, number | undefined, Record<string, string>?]>([
    ["a literal", "app.listen(3100)", 3100],
    ["a fallback", "app.listen(process.env.PORT || 3101, () => {})", 3101],
    ["a constant", "const port = process.env.PORT ?? 3102;\napp.listen(port)", 3102],
    [
      "a constant of a constant",
      "const DEFAULT = 3103\nconst port = process.env.PORT || DEFAULT\napp.listen(port)",
      3103,
    ],
    ["a destructured default", "const { PORT = 3104, HOST } = process.env\napp.listen(PORT)", 3104],
    ["parseInt", "app.listen(parseInt(process.env.PORT || '3105', 10))", 3105],
    ["parseInt outside", "app.listen(parseInt(process.env.PORT!, 10) || 3106)", 3106],
    ["a sign and a cast", "const port = +(process.env.PORT as string) || 3107\napp.listen(port)", 3107],
    ["a condition", "const port = process.env.PORT ? Number(process.env.PORT) : 3108\napp.listen(port)", 3108],
    ["what holds in production", "app.listen(process.env.NODE_ENV === 'production' ? 8080 : 3000)", 8080],
    ["options", "app.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 3109) })", 3109],
    ["options of a name", "const options = { port: 3110 }\napp.listen(options)", 3110],
    [
      "a normalised port",
      "const port = normalizePort(process.env.PORT || '3111')\napp.set('port', port)\nserver.listen(port)",
      3111,
    ],
    ["a setting of the app", "app.set('port', process.env.PORT || 3112)\nserver.listen(app.get('port'))", 3112],
    [
      "a field",
      "class App { port: number; constructor() { this.port = Number(process.env.PORT) || 3113 } run() { this.app.listen(this.port) } }",
      3113,
    ],
    [
      "a configuration",
      "import config from './config'\napp.listen(config.server.port)",
      3114,
      { "src/config.ts": "export default { db: { port: 5432 }, server: { port: process.env.PORT || 3114 } }" },
    ],
    [
      "a folder",
      "const { port } = require('./config')\napp.listen(port)",
      3115,
      { "src/config/index.js": "module.exports = { port: process.env.PORT || 3115 }" },
    ],
    [
      "a schema",
      "import { env } from './env.js'\napp.listen(env.PORT)",
      3116,
      {
        "src/env.ts":
          "const schema = z.object({ PORT: z.coerce.number().int().default(3116) })\nexport const env = schema.parse(process.env)",
      },
    ],
    [
      "envalid under an alias",
      "import { env } from '@/env'\napp.listen(env.PORT)",
      3117,
      { "src/env.ts": "export const env = cleanEnv(process.env, { PORT: port({ default: 3117 }) })" },
    ],
    [
      "node-config",
      "const config = require('config')\napp.listen(config.get('server.port'))",
      3118,
      { "config/default.json": '{ "server": { "port": 3118 } }' },
    ],
    ["a service of Nest", "await app.listen(configService.get<number>('PORT', 3119))", 3119],
    [
      "a re-export",
      "import { PORT } from './settings'\napp.listen(PORT)",
      3120,
      {
        "src/settings.ts": "import { PORT } from './values'\nexport { PORT }",
        "src/values.ts": "export const PORT = 3120",
      },
    ],
    ["the environment before others", "metrics.listen(9090)\napp.listen(process.env.PORT || 3121)", 3121],
    ["a server before a socket", "new WebSocketServer({ port: 9001 })\napp.listen(3122)", 3122],
    ["nothing but a variable", "app.listen(process.env.PORT)", undefined],
    ["a comment", "// app.listen(9999)\n/* app.listen(9998) */", undefined],
    ["a text", "console.log('app.listen(9999)')", undefined],
    ["an event", "history.listen((location) => {})", undefined],
    ["zero", "app.listen(0)", undefined],
    ["too large", "app.listen(99999)", undefined],
    [
      "a circle",
      "import { a } from './a'\napp.listen(a)",
      undefined,
      { "src/a.ts": "import { a } from './index'\nexport { a }" },
    ],
    ["itself", "let port = port || port\napp.listen(port)", undefined],
    ["unfinished", "app.listen((((", undefined],
    [
      "a test is no server",
      "",
      undefined,
      { "src/app.test.ts": "app.listen(9999)", "test/helper.ts": "app.listen(9998)" },
    ],
  ])("%s", (_, code, expected, more) => expect(of(code, more).values.port).toBe(expected));

  test.each<[string, string, number]>([
    [
      "Hono on Node",
      "import { serve } from '@hono/node-server'\nserve({ fetch: app.fetch, port: 3201 }, () => {})",
      3201,
    ],
    ["Bun", "Bun.serve({ port: process.env.PORT || 3202, fetch() {} })", 3202],
    ["Bun without a port", "Bun.serve({ fetch() {} })", 3000],
    ["an export that Bun serves", "export default { port: 3203, fetch: app.fetch }", 3203],
    ["Elysia", "new Elysia().get('/', () => 'x').listen(3204)", 3204],
    ["Hapi", "const server = Hapi.server({ port: 3205, host: '0.0.0.0' })", 3205],
    ["Apollo", "await startStandaloneServer(server, { listen: { port: 3206 } })", 3206],
    ["Fastify", "await fastify.listen({ port: 3207, host: '0.0.0.0' })", 3207],
    ["Slack", "await app.start(process.env.PORT || 3208)", 3208],
  ])("%s", (_, code, expected) => {
    expect(told({ "package.json": pack({ start: "node index.js" }), "index.js": code }).values.port).toBe(expected);
  });

  test("what is not taken is a near miss; the place is where the number stands", () => {
    const { misses, at, facts } = of(
      "import { PORT } from './values'\napp.listen(PORT)\nother.listen(PORT + 1)\nadmin.listen(4000)",
      {
        "src/values.ts": "\nexport const PORT = 3300",
      },
    );
    expect(at("port")).toBe("src/values.ts:2");
    expect(facts.get("port")).toMatchObject({ value: 3300, source: "code" });
    expect(misses.map(({ message }) => message)).toContain("4000 is listened on too");
  });
});

describe("addresses", () => {
  test.each<[string, string, string | undefined]>([
    ["a loopback literal", "app.listen(3000, '127.0.0.1')", "127.0.0.1"],
    ["a name", "const HOST = 'localhost'\napp.listen(3000, HOST, () => {})", "localhost"],
    ["all addresses", "app.listen({ port: 3000, host: '0.0.0.0' })", "0.0.0.0"],
    ["a callback is none", "app.listen(3000, done)", undefined],
    ["none", "app.listen(3000)", undefined],
  ])("%s", (_, code, expected) => expect(of(code).values.bind).toBe(expected));

  test("Fastify listens on the loopback address unless it is told another", () => {
    const files = {
      "package.json": pack({ start: "node a.js" }, ["fastify"]),
      "a.js": "const app = require('fastify')()\napp.listen({ port: 3000 })",
    };
    expect(told(files).values.bind).toBe("localhost");
  });
});
