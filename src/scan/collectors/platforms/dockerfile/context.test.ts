import { describe, expect, it } from "vitest";
import { toldBy } from "../testing.ts";

const node = (scripts: object = {}) => JSON.stringify({ scripts });

describe("what a Dockerfile is about", () => {
  const api = { "api/package.json": node({ start: "node index.js" }), "api/index.js": "" };
  const web = { "web/package.json": node({ start: "next start" }) };
  const rows: [name: string, files: Record<string, string>, unit: string, expected: Record<string, unknown>][] = [
    [
      "a folder of Dockerfiles, by what they copy",
      {
        ...api,
        ...web,
        "docker/backend/Dockerfile": "FROM node:20\nWORKDIR /app\nCOPY api/package.json .\nCOPY api .\nCMD npm start",
      },
      "api",
      { start: "node index.js", dockerfile: "docker/backend/Dockerfile" },
    ],
    [
      "by its name",
      { ...api, ...web, "Dockerfile.web": "FROM node:20\nCOPY . .\nCMD npm start" },
      "web",
      { start: "next start", dockerfile: "Dockerfile.web" },
    ],
    [
      "by its name before the dot",
      { ...api, ...web, "api.Dockerfile": "FROM node:20\nCOPY . .\nCMD npm start" },
      "api",
      { start: "node index.js" },
    ],
    [
      "by its working folder",
      { ...api, ...web, Dockerfile: "FROM node:20\nCOPY . /app\nWORKDIR /app/web\nCMD npm start" },
      "web",
      { start: "next start" },
    ],
    [
      "by what it starts",
      { ...api, ...web, Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node", "api/index.js"]' },
      "api",
      { start: "node index.js" },
    ],
    [
      "by the context of compose",
      {
        ...api,
        ...web,
        "docker/x.Dockerfile": "FROM node:20\nCOPY . .\nCMD npm start",
        "compose.yaml": "services:\n  x:\n    build: { context: ./web, dockerfile: ../docker/x.Dockerfile }\n",
      },
      "web",
      { start: "next start", dockerfile: "docker/x.Dockerfile" },
    ],
    [
      "beside the program, built from above",
      {
        ...api,
        "package.json": node(),
        "api/Dockerfile": "FROM node:20\nWORKDIR /repo/api\nCOPY package.json .\nCOPY api api\nCMD npm start",
      },
      "api",
      { start: "node index.js", dockerfile: "api/Dockerfile" },
    ],
    [
      "of the package that pnpm filters",
      {
        ...api,
        "package.json": JSON.stringify({ workspaces: ["api"] }),
        "api/package.json": JSON.stringify({ name: "@x/api", scripts: { start: "node index.js" } }),
        Dockerfile: "FROM node:20\nCOPY . .\nCMD pnpm --filter @x/api start",
      },
      "api",
      { start: "node index.js" },
    ],
    [
      "the root, where its manifest starts a file below",
      {
        "package.json": node({ start: "node api/index.js" }),
        ...api,
        Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node", "api/index.js"]',
      },
      ".",
      { start: "node api/index.js", dockerfile: "Dockerfile" },
    ],
    [
      "pages of a folder, built from above",
      {
        ...web,
        ...api,
        "web/Dockerfile":
          "FROM node:20 AS b\nWORKDIR /repo\nCOPY web web\nRUN cd web && npm run build\nFROM nginx\nCOPY --from=b /repo/web/dist /usr/share/nginx/html\n",
      },
      "web",
      { output: "dist", dockerfile: "web/Dockerfile" },
    ],
    [
      "a second one for a worker",
      {
        "package.json": node(),
        "worker.js": "",
        "server.js": "",
        Dockerfile: "FROM node:20\nCMD node server.js",
        "Dockerfile.worker": "FROM node:20\nCMD node worker.js",
      },
      ".",
      { start: "node server.js", "process.worker": { name: "worker", command: "node worker.js" } },
    ],
    [
      "production before the plain name",
      {
        "package.json": node(),
        "a.js": "",
        "b.js": "",
        Dockerfile: "FROM node:18\nCMD node a.js",
        "Dockerfile.prod": "FROM node:20\nCMD node b.js",
      },
      ".",
      { start: "node b.js", dockerfile: "Dockerfile.prod" },
    ],
    [
      "a solution, by the library that is started",
      {
        "App.sln": "",
        "src/Api/Api.csproj": "<Project/>",
        "src/Worker/Worker.csproj": "<Project/>",
        Dockerfile:
          'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY ["src/Api/Api.csproj", "src/Api/"]\nCOPY . .\nRUN dotnet publish src/Api -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY --from=build /out .\nENTRYPOINT ["dotnet", "Api.dll"]',
      },
      "src/Api",
      { start: "dotnet Api.dll", dockerfile: "Dockerfile" },
    ],
    [
      "what the entry names, without any copy",
      {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]',
        "crates/server/Cargo.toml": '[package]\nname = "server"',
        "crates/tool/Cargo.toml": '[package]\nname = "tool"',
        Dockerfile: 'FROM debian:12\nENTRYPOINT ["/usr/local/bin/server"]',
      },
      "crates/server",
      { start: "/usr/local/bin/server", dockerfile: "Dockerfile" },
    ],
    [
      "the module that the build picks",
      {
        "pom.xml": "<project><packaging>pom</packaging></project>",
        "core/pom.xml": "<project/>",
        "web/pom.xml": "<project/>",
        Dockerfile:
          'FROM maven:3 AS b\nCOPY . .\nRUN mvn -B -pl web -am package\nFROM eclipse-temurin:21\nCOPY --from=b /web/target/web-1.jar /app.jar\nCMD ["java", "-jar", "/app.jar"]',
      },
      "web",
      { start: "java -jar target/web-1.jar", dockerfile: "Dockerfile" },
    ],
    [
      "a folder of projects inside the repository, by what it starts",
      {
        "backend/App.sln": "",
        "backend/Api/Api.csproj": "<Project/>",
        "backend/Api/Program.cs": "",
        "backend/Dockerfile":
          'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nCOPY . .\nRUN dotnet publish Api -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY --from=build /out .\nENTRYPOINT ["dotnet", "Api.dll"]',
      },
      "backend/Api",
      { start: "dotnet Api.dll", dockerfile: "backend/Dockerfile" },
    ],
    [
      "what the last stage copies itself, beside pages of another",
      {
        ...api,
        ...web,
        Dockerfile:
          'FROM node:20 AS ui\nWORKDIR /ui\nCOPY web/package.json .\nRUN npm run build\nFROM node:20\nWORKDIR /srv\nCOPY api/ .\nCOPY --from=ui /ui/dist public\nCMD ["node", "index.js"]',
      },
      "api",
      { start: "node index.js", dockerfile: "Dockerfile" },
    ],
    [
      "the program of several",
      {
        "go.mod": "module x\n",
        "cmd/api/main.go": "package main\nfunc main() {}\n",
        "cmd/worker/main.go": "package main\nfunc main() {}\n",
        Dockerfile: 'FROM golang:1.22\nRUN go build -o /bin/api ./cmd/api\nCMD ["/bin/api"]',
      },
      ".#api",
      { dockerfile: "Dockerfile" },
    ],
  ];
  it.each(rows)("%s", (_, files, unit, expected) => {
    const all = toldBy(files);
    const found = all[unit] ?? all["."];
    expect(found?.facts).toMatchObject(expected);
    if (all[unit] && unit !== ".") expect(all["."]?.facts.start).toBeUndefined();
  });
});

describe("decoys", () => {
  const app = { "package.json": node({ start: "node index.js" }), "index.js": "" };
  const rows: [name: string, files: Record<string, string>][] = [
    ["for tests", { "Dockerfile.test": "FROM node:20\nEXPOSE 9\nCMD npm test" }],
    ["for CI", { "ci/Dockerfile": "FROM node:20\nCOPY package.json .\nEXPOSE 9\nCMD node index.js" }],
    ["in examples", { "examples/Dockerfile": "FROM node:20\nCOPY index.js .\nEXPOSE 9\nCMD node index.js" }],
    ["a container for editors", { ".devcontainer/Dockerfile": "FROM node:20\nEXPOSE 9\nCMD node index.js" }],
    ["a template", { "Dockerfile.j2": "FROM node:20\nEXPOSE 9\nCMD node index.js" }],
    ["a list for builds", { "Dockerfile.dockerignore": "node_modules" }],
    ["a database", { "db/Dockerfile": "FROM postgres:16\nEXPOSE 9\nCOPY init.sql /docker-entrypoint-initdb.d/" }],
    ["a proxy", { "proxy/Dockerfile": "FROM nginx:1.25\nEXPOSE 9\nCOPY nginx.conf /etc/nginx/nginx.conf\n" }],
    ["comments", { Dockerfile: "# FROM node:20\n# EXPOSE 9\n# CMD node index.js\n" }],
    ["garbage", { Dockerfile: "\u0001\uFFFD{{{" }],
    ["a base without a command", { "Dockerfile.base": "FROM node:20\nEXPOSE 9" }],
  ];
  it.each(rows)("%s", (_, files) => {
    const all = toldBy({ ...app, ...files });
    const said = Object.values(all).flatMap(({ claims }) =>
      claims.filter(({ fact }) => ["port", "start", "dockerfile"].includes(fact)),
    );
    expect(said).toEqual([]);
  });
  it("says less of what is for developers", () => {
    const { facts, claims } =
      toldBy({ ...app, "Dockerfile.dev": "FROM node:20\nEXPOSE 3000\nCMD npm run dev" })["."] ?? {};
    expect(facts).toEqual({ runtime: { name: "node", version: "20" }, port: 3000 });
    expect(claims?.map(({ source }) => source)).toEqual(["convention", "convention"]);
  });
  it("does not take a server for developers for the start", () => {
    const { facts, misses } =
      toldBy({ "manage.py": "", Dockerfile: "FROM python:3.12\nCMD python manage.py runserver 0.0.0.0:8000" })["."] ??
      {};
    expect(facts?.start).toBeUndefined();
    expect(misses?.map(({ message }) => message)).toEqual(["starts a server for developers"]);
  });
});
