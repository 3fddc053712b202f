import { expect, test } from "vitest";
import { servicesIn } from "./collectors/compiled/testing.ts";

type Files = Readonly<Record<string, string>>;
/** Where it lies, what serves it, how it is started. */
type Told = readonly [path: string, framework: string | null, start: string | null];

const json = (value: object) => JSON.stringify(value);
const vite = (folder: string): Files => ({
  [`${folder}/package.json`]: json({
    name: folder,
    private: true,
    scripts: { dev: "vite", build: "vite build" },
    dependencies: { react: "18" },
    devDependencies: { vite: "5" },
  }),
  [`${folder}/index.html`]: "<html></html>\n",
  [`${folder}/src/main.tsx`]: "import React from 'react';\n",
});
const manage = (module: string) =>
  `import os, sys\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "${module}.settings")\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n`;
const boot = (artifact: string) =>
  `<project><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.2.0</version></parent><groupId>acme</groupId><artifactId>${artifact}</artifactId><version>1.0</version><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>`;
const BOOT_MAIN =
  "package acme;\n@SpringBootApplication\npublic class App { public static void main(String[] a) { SpringApplication.run(App.class, a); } }\n";

test.each<[string, Files, readonly Told[]]>([
  [
    "Spring Boot with the pages of Angular in one folder",
    {
      "pom.xml": boot("shop"),
      "src/main/java/acme/App.java": BOOT_MAIN,
      "package.json": json({
        scripts: { start: "ng serve --hmr", build: "ng build" },
        dependencies: { "@angular/core": "17" },
        devDependencies: { "@angular/cli": "17" },
      }),
      "angular.json": json({ projects: { shop: { projectType: "application", root: "" } } }),
      "src/main/webapp/main.ts": "import { bootstrapApplication } from '@angular/platform-browser';\n",
    },
    [[".", "spring-boot", "java -jar target/shop-1.0.jar"]],
  ],
  [
    "FastAPI and pages of Vite in one image",
    {
      ...vite("frontend"),
      "backend/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
      "backend/requirements.txt": "fastapi\nuvicorn\n",
      Dockerfile:
        'FROM node:20 AS ui\nWORKDIR /ui\nCOPY frontend/package.json .\nRUN npm install && npm run build\nFROM python:3.12-slim\nWORKDIR /app\nCOPY backend/ .\nCOPY --from=ui /ui/dist static\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]\n',
    },
    [
      ["backend", "fastapi", "uvicorn main:app --host 0.0.0.0 --port 8000"],
      ["frontend", "vite", null],
    ],
  ],
  [
    "Go that starts by a subcommand, with assets of webpack",
    {
      "go.mod":
        "module acme/forge\n\ngo 1.22\n\nrequire (\n\tgithub.com/go-chi/chi/v5 v5.0.0\n\tgithub.com/urfave/cli/v2 v2.27.1\n)\n",
      "main.go": 'package main\nimport "acme/forge/cmd"\nfunc main() { cmd.New().Run(nil) }\n',
      "cmd/web.go":
        'package cmd\nimport (\n\t"net/http"\n\t"github.com/go-chi/chi/v5"\n\t"github.com/urfave/cli/v2"\n)\nvar web = &cli.Command{\n\tName: "web",\n\tFlags: []cli.Flag{&cli.StringFlag{Name: "port", Value: "3000"}},\n}\nfunc run() { http.ListenAndServe("", chi.NewRouter()) }\n',
      "package.json": json({ dependencies: { vue: "3", webpack: "5" } }),
      "webpack.config.js": "export default {};\n",
      "build/generate.go": "package main\nfunc main() {}\n",
    },
    [[".", "chi", "./forge web"]],
  ],
  [
    "Django in a folder of its own, Angular beside it",
    {
      "pyproject.toml":
        '[project]\nname = "paper"\nversion = "1"\ndependencies = ["django", "channels", "granian", "celery[redis]"]\n',
      "uv.lock": "version = 1\n",
      "src/manage.py": manage("paper"),
      "src/paper/settings.py": 'ASGI_APPLICATION = "paper.asgi.application"\n',
      "src/paper/asgi.py": "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n",
      ...vite("src-ui"),
    },
    [
      [
        ".",
        "django",
        "PYTHONPATH=src granian --interface asgi paper.asgi:application --host 0.0.0.0 --port ${PORT:-8000}",
      ],
      ["src-ui", "vite", null],
    ],
  ],
  [
    "a solution with its image beside it, tests and a tool",
    {
      "Shop.sln": "",
      Dockerfile:
        'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish src/Shop.Api -c Release -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nWORKDIR /app\nCOPY --from=build /out .\nENTRYPOINT ["dotnet", "Shop.Api.dll"]\n',
      "src/Shop.Api/Shop.Api.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
      "src/Shop.Api/Program.cs": "var app = WebApplication.CreateBuilder(args).Build();\napp.Run();\n",
      "src/Shop.Migrator/Shop.Migrator.csproj":
        '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>',
      "src/Shop.Migrator/Program.cs": "Console.WriteLine();\n",
      "tests/Shop.Tests/Shop.Tests.csproj":
        '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="xunit" Version="2" /></ItemGroup></Project>',
    },
    [["src/Shop.Api", "aspnet-core", "dotnet Shop.Api.dll"]],
  ],
  [
    "Rails whose package.json starts a server of another folder",
    {
      Gemfile: "gem 'rails', '~> 8.0'\ngem 'puma'\n",
      "config.ru": "run Rails.application\n",
      "config/application.rb": "module Shop\n  class Application < Rails::Application\n  end\nend\n",
      "config/puma.rb": 'port ENV.fetch("PORT", 3000)\n',
      "package.json": json({
        workspaces: [".", "streaming"],
        scripts: { start: "node ./streaming/index.js" },
        dependencies: { react: "18" },
      }),
      "streaming/package.json": json({
        name: "streaming",
        scripts: { start: "node index.js" },
        dependencies: { express: "4" },
      }),
      "streaming/index.js": "import express from 'express';\nexpress().listen(4000);\n",
    },
    [
      [".", "rails", "bundle exec puma -C config/puma.rb"],
      ["streaming", "express", "node index.js"],
    ],
  ],
  [
    "a program of Wails with the pages of its window",
    {
      "go.mod": "module paint\n\nrequire github.com/wailsapp/wails/v2 v2.8.0\n",
      "main.go": 'package main\n\nimport "github.com/wailsapp/wails/v2"\n\nfunc main() { wails.Run(nil) }\n',
      "wails.json": "{}",
      ...vite("frontend"),
    },
    [],
  ],
  [
    "functions that only their host starts",
    {
      "requirements.txt": "boto3\n",
      "handler.py": "def hello(event, context):\n    return {}\n",
      "serverless.yml":
        "service: x\nprovider: { name: aws, runtime: python3.12 }\nfunctions:\n  hello: { handler: handler.hello, events: [{ httpApi: '*' }] }\n",
    },
    [[".", null, null]],
  ],
])("%s", (_, files, expected) => {
  const found = Object.values(servicesIn(files)).map(({ path, framework, start }): Told => [path, framework, start]);
  expect(found).toEqual(expected);
});

test("a service in a folder that names nothing is called after the one above it", () => {
  const files = {
    "cart/src/cart.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
    "cart/src/Program.cs": "var app = WebApplication.CreateBuilder(args).Build();\napp.Run();\n",
  };
  expect(Object.keys(servicesIn(files))).toEqual(["cart"]);
});
