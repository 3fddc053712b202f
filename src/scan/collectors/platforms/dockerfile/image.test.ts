import { describe, expect, it } from "vitest";
import { toldBy } from "../testing.ts";

const node = (scripts: object = {}) => JSON.stringify({ scripts });
const FASTAPI = { "requirements.txt": "fastapi\n", "main.py": "" };

describe("one Dockerfile beside the program", () => {
  const rows: [name: string, files: Record<string, string>, expected: Record<string, unknown>][] = [
    [
      "stages of Node",
      {
        "package.json": node({ start: "node dist/main.js" }),
        Dockerfile: `FROM node:20-alpine AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build
FROM node:20-alpine
WORKDIR /app
ENV NODE_ENV=production PORT=3000
COPY --from=build /app/dist ./dist
EXPOSE 9229 3000
HEALTHCHECK --interval=30s CMD wget -qO- http://localhost:3000/healthz || exit 1
VOLUME ["/app/uploads"]
CMD ["npm", "start"]`,
      },
      {
        start: "node dist/main.js",
        port: 3000,
        health: "/healthz",
        runtime: { name: "node", version: "20" },
        dockerfile: "Dockerfile",
        "state./app/uploads": { path: "/app/uploads", what: "volume" },
      },
    ],
    [
      "arguments of the head",
      {
        ...FASTAPI,
        Dockerfile:
          "ARG PY=3.11\nFROM python:${PY}-slim\nARG APP_PORT=8000\nEXPOSE ${APP_PORT}/tcp\nCMD uvicorn main:app --port 8000",
      },
      { runtime: { name: "python", version: "3.11" }, port: 8000, start: "uvicorn main:app --port 8000" },
    ],
    [
      "paths of the working folder",
      { ...FASTAPI, Dockerfile: 'FROM python:3.12\nWORKDIR /code\nCOPY . /code\nCMD ["python", "/code/main.py"]' },
      { start: "python main.py" },
    ],
    [
      "variables with paths",
      {
        ...FASTAPI,
        Dockerfile:
          "FROM python:3.12\nENV APP_HOME=/srv/app\nWORKDIR $APP_HOME\nCOPY . .\nCMD python $APP_HOME/main.py --port $PORT",
      },
      { start: "python main.py --port $PORT" },
    ],
    [
      "the server of an image of PHP, for a web server beside it",
      {
        "composer.json": "{}",
        "index.php": "",
        Dockerfile: 'FROM php:8.3-fpm-alpine\nCOPY . /var/www\nEXPOSE 9000\nCMD ["php-fpm"]',
      },
      { start: undefined, port: undefined, dockerfile: "Dockerfile" },
    ],
    [
      "entrypoint of its own with an answer to the command",
      {
        ...FASTAPI,
        "bin/docker-entrypoint":
          '#!/bin/sh\nserve() {\n  exec gunicorn main:app\n}\ncase "$1" in\n  work|worker) exec rq worker ;;\n  serve) shift; serve ;;\n  *) exec "$@" ;;\nesac\n',
        Dockerfile:
          'FROM python:3.12\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["/app/bin/docker-entrypoint"]\nCMD ["serve"]',
      },
      { start: "./bin/docker-entrypoint serve" },
    ],
    [
      "entrypoint that hands on",
      {
        ...FASTAPI,
        "entrypoint.sh": '#!/bin/sh\nset -e\nalembic upgrade head\nexec "$@"\n',
        Dockerfile:
          'FROM python:3.12\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["/app/entrypoint.sh"]\nCMD ["gunicorn", "main:app", "-b", "0.0.0.0:8000"]',
      },
      { start: "gunicorn main:app -b 0.0.0.0:8000", port: 8000, bind: "0.0.0.0" },
    ],
    [
      "entrypoint that is the program",
      {
        ...FASTAPI,
        Dockerfile: 'FROM python:3.12\nENTRYPOINT ["uvicorn", "main:app"]\nCMD ["--host", "0.0.0.0", "--port", "80"]',
      },
      { start: "uvicorn main:app --host 0.0.0.0 --port 80", port: 80 },
    ],
    [
      "entrypoint of the image",
      {
        "package.json": node(),
        "server.js": "",
        Dockerfile: 'FROM node:18\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node", "server.js"]',
      },
      { start: "node server.js" },
    ],
    [
      "init and shell",
      {
        "package.json": node(),
        "server.js": "",
        Dockerfile: 'FROM node:18\nENTRYPOINT ["/sbin/tini", "--"]\nCMD node server.js',
      },
      { start: "node server.js" },
    ],
    [
      "migrations before the start",
      { ...FASTAPI, Dockerfile: 'FROM python:3.12\nCMD ["sh", "-c", "alembic upgrade head && uvicorn main:app"]' },
      { start: "uvicorn main:app", "process.release": { name: "release", command: "alembic upgrade head" } },
    ],
    [
      "pages in a server of files",
      {
        "package.json": node({ build: "vite build" }),
        Dockerfile:
          "FROM node:18 AS build\nWORKDIR /usr/src/app\nCOPY . .\nARG VITE_API_URL\nRUN npm run build\nFROM nginx:alpine\nCOPY --from=build /usr/src/app/dist /usr/share/nginx/html\n",
      },
      {
        output: "dist",
        port: 80,
        dockerfile: "Dockerfile",
        runtime: { name: "node", version: "18" },
        "env.VITE_API_URL": { name: "VITE_API_URL", class: "public", phase: "build", required: true, default: null },
      },
    ],
    [
      "a program of Go in an empty image",
      {
        "go.mod": "module x\n",
        "main.go": "package main\nfunc main() {}\n",
        Dockerfile:
          'FROM golang:1.22 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\nFROM scratch\nCOPY --from=b /out/app /app\nEXPOSE 8080\nENTRYPOINT ["/app"]',
      },
      { runtime: { name: "go", version: "1.22" }, start: "/app", port: 8080 },
    ],
    [
      "runtime of a server whose assets Node builds",
      {
        Gemfile: 'gem "rails"\n',
        "config.ru": "",
        Dockerfile:
          'FROM node:20 AS assets\nRUN npm run build\nFROM ruby:3.3-slim AS base\nFROM base AS build\nRUN bundle install\nFROM base\nCOPY --from=build /rails /rails\nCOPY --from=assets /a /b\nEXPOSE 3000\nCMD ["./bin/rails", "server"]',
      },
      { runtime: { name: "ruby", version: "3.3" }, start: "./bin/rails server", port: 3000 },
    ],
    [
      "a last stage for developers",
      {
        "package.json": node(),
        "a.js": "",
        Dockerfile:
          'FROM node:20 AS base\nFROM base AS production\nCMD ["node", "a.js"]\nFROM base AS dev\nCMD ["npm", "run", "dev"]',
      },
      { start: "node a.js" },
    ],
    [
      "what the image puts in front",
      {
        "package.json": node(),
        "a.js": "",
        Dockerfile:
          'FROM node:20 AS b\nFROM gcr.io/distroless/nodejs20-debian12\nCOPY --from=b /app /app\nWORKDIR /app\nCMD ["a.js"]',
      },
      { start: "node a.js", runtime: { name: "node", version: "20" } },
    ],
    [
      "Deno",
      {
        "deno.json": "{}",
        "main.ts": "",
        Dockerfile: 'FROM denoland/deno:2.1.0\nEXPOSE 8000\nCMD ["run", "-A", "main.ts"]',
      },
      { start: "deno run -A main.ts", port: 8000, runtime: { name: "deno", version: "2.1.0" } },
    ],
    [
      "ASP.NET, whose address is a variable",
      {
        "Shop.csproj": "<Project/>",
        Dockerfile:
          'FROM mcr.microsoft.com/dotnet/aspnet:8.0\nENV ASPNETCORE_URLS=http://+:5000\nENTRYPOINT ["dotnet", "Shop.dll"]',
      },
      { start: "dotnet Shop.dll", port: 5000, runtime: { name: "dotnet", version: "8.0" } },
    ],
    [
      "the port of the image's own server",
      { "index.php": "", Dockerfile: "FROM php:8.3-apache\nCOPY . /var/www/html/\n" },
      { port: 80, dockerfile: "Dockerfile", start: undefined, runtime: { name: "php", version: "8.3" } },
    ],
    [
      "a function that a host calls",
      { ...FASTAPI, Dockerfile: 'FROM public.ecr.aws/lambda/python:3.12\nCOPY main.py .\nCMD ["main.handler"]' },
      { start: undefined, runtime: { name: "python", version: "3.12" } },
    ],
    [
      "mark and line ends",
      { ...FASTAPI, Dockerfile: '\uFEFFFROM python:3.12\r\nEXPOSE 8000\r\nCMD ["uvicorn", \\\r\n  "main:app"]\r\n' },
      { port: 8000, start: "uvicorn main:app" },
    ],
    [
      "variables, but not those of tools",
      {
        ...FASTAPI,
        Dockerfile:
          'FROM python:3.12\nENV PYTHONUNBUFFERED=1 LOG_LEVEL=info API_KEY=abc PATH=/x:$PATH\nCMD ["python", "main.py"]',
      },
      {
        "env.LOG_LEVEL": { name: "LOG_LEVEL", class: "config", phase: "run", required: false, default: "info" },
        "env.API_KEY": { name: "API_KEY", class: "secret", phase: "run", required: false, default: null },
        "env.PYTHONUNBUFFERED": undefined,
        "env.PATH": undefined,
      },
    ],
  ];
  it.each(rows)("%s", (_, files, expected) => {
    const facts = toldBy(files)["."]?.facts ?? {};
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, facts[name]]))).toEqual(expected);
  });

  it("tells where", () => {
    const { at } = toldBy({ ...FASTAPI, Dockerfile: "FROM python:3.12\nEXPOSE 8000\nCMD python \\\n  main.py\n" })[
      "."
    ] ?? { at: () => "" };
    expect(["runtime", "port", "start"].map(at)).toEqual(["Dockerfile:1", "Dockerfile:2", "Dockerfile:3"]);
  });
});
