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
      "a service of Nest and a schema elsewhere",
      "await app.listen(config.getOrThrow('PORT'))",
      3130,
      {
        "src/app.module.ts":
          "validationSchema: Joi.object({ DB_PORT: Joi.number().default(5432), PORT: Joi.number().default(3130) })",
      },
    ],
    [
      "a service of Nest and a namespace",
      "await app.listen(config.getOrThrow('app.port', { infer: true }))",
      3131,
      {
        "src/config/app.config.ts":
          "export default registerAs('app', () => ({ port: process.env.APP_PORT ? parseInt(process.env.APP_PORT, 10) : process.env.PORT ? parseInt(process.env.PORT, 10) : 3131 }))",
        "src/config/database.config.ts": "export default registerAs('database', () => ({ port: 5432 }))",
      },
    ],
    [
      "a service of Nest and a function",
      "const port = config.get<number>('port')\nawait app.listen(port)",
      3132,
      {
        "src/config/configuration.ts":
          "export default () => ({ database: { port: 5432 }, port: parseInt(process.env.PORT, 10) || 3132 })",
      },
    ],
    [
      "a service of Nest and a class",
      "await app.listen(config.get('PORT', { infer: true }))",
      3133,
      { "src/env.validation.ts": "class Variables {\n  @IsNumber()\n  PORT: number = 3133;\n}" },
    ],
    [
      "settings that only tests have",
      "await app.listen(config.get('PORT'))",
      undefined,
      { "test/config.ts": "export const schema = { PORT: z.coerce.number().default(9999) }" },
    ],
    [
      "node-config in YAML",
      "const config = require('config')\napp.listen(config.port)",
      3134,
      { "config/default.yaml": "db:\n  port: 5432\nport: 3134\n" },
    ],
    [
      "node-config in code",
      "import config from 'config'\napp.listen(config.get('port'))",
      3135,
      { "config/default.js": "module.exports = { db: { port: 5432 }, port: process.env.PORT || 3135 }" },
    ],
    [
      "a parameter of a function",
      "import start from './server'\nstart(process.env.PORT || 3136)",
      3136,
      { "src/server.ts": "export default function listenOn(port: number): void {\n  app.listen(port)\n}" },
    ],
    [
      "a parameter of a class",
      "import { App } from './app'\nnew App([], Number(process.env.PORT) || 3137).run()",
      3137,
      {
        "src/app.ts":
          "export class App {\n  constructor(routes: Route[], private readonly port: number) {}\n  run() { this.app.listen(this.port) }\n}",
      },
    ],
    [
      "options of a class",
      "import { App } from './app'\nimport { envs } from './envs'\nnew App({ port: envs.PORT, path: 'public' }).run()",
      3138,
      {
        "src/envs.ts": "export const envs = { PORT: get('PORT').default(3138).asPortNumber() }",
        "src/app.ts":
          "export class App {\n  constructor(options: Options) {\n    const { port, path } = options\n    this.port = port\n  }\n  run() { this.app.listen(this.port) }\n}",
      },
    ],
    ["callers that differ", "function run(port) { app.listen(port) }\nrun(3139)\nrun(3140)", undefined],
    ["a parameter that calls itself", "function run(port) { run(port); app.listen(port) }", undefined],
    [
      "another function of that name",
      "import { start } from './http'\nstart(3145)",
      3145,
      {
        "src/http.ts": "export const start = (port: number) => app.listen(port)",
        "src/db.ts": "export function start(port: number) {}\nstart(5432)",
      },
    ],
    [
      "what a function of another file answers",
      "import { load } from './settings'\nconst config = load()\napp.listen(config.port)",
      3146,
      { "src/settings.ts": "export function load() {\n  return { port: process.env.PORT || 3146 }\n}" },
    ],
    [
      "a static field",
      "import { Config } from './config'\napp.listen(Config.PORT)",
      3141,
      { "src/config.ts": "export class Config {\n  static PORT = process.env.PORT || 3141\n}" },
    ],
    [
      "a value given later",
      "let port = process.env.PORT\nif (port == null || port == '') {\n  port = 3142\n}\napp.listen(port)",
      3142,
    ],
    ["a variable of the environment that is given", "process.env.PORT ||= 3143\napp.listen(process.env.PORT)", 3143],
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
    ["a type between key and value", "app.listen(Config.get('port', 'number', 3144))", 3144],
    ["nothing but a callback", "app.listen(function () {})", undefined],
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
    [
      "Socket.IO",
      "const io = new Server(process.env.PORT || 3209, { cors: {} })\nimport { Server } from 'socket.io'",
      3209,
    ],
    ["Socket.IO of old", "const io = require('socket.io')(3210)", 3210],
    ["Slack", "await app.start(process.env.PORT || 3208)", 3208],
  ])("%s", (_, code, expected) => {
    expect(told({ "package.json": pack({ start: "node index.js" }), "index.js": code }).values.port).toBe(expected);
  });

  test("the port of a sample, where code names none", () => {
    const files = {
      "src/index.ts": `${express}app.listen(process.env.PORT)`,
      ".env.example": "NODE_ENV=x\nPORT=3211\n",
    };
    const { values, at } = told({ "package.json": pack({ start: "tsx src/index.ts" }, ["express", "tsx"]), ...files });
    expect([values.port, at("port")]).toEqual([3211, ".env.example:2"]);
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
