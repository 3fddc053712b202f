import { expect, test } from "vitest";
import { factsIn, type Repository, servicesIn } from "../compiled/testing.ts";

const project = (properties: string, items = "", sdk = "Microsoft.NET.Sdk.Web") =>
  `<Project Sdk="${sdk}">\n  <PropertyGroup>\n    ${properties}\n  </PropertyGroup>\n  <ItemGroup>${items}</ItemGroup>\n</Project>\n`;
const NET8 = "<TargetFramework>net8.0</TargetFramework>";
const EXE = `${NET8}<OutputType>Exe</OutputType>`;
const reference = (name: string) => `<PackageReference Include="${name}" Version="1.0.0" />`;
const PROGRAM =
  'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "Hello");\n';
const api = (main = `${PROGRAM}app.Run();\n`, more: Repository = {}): Repository => ({
  "Shop.csproj": project(NET8),
  "Program.cs": main,
  ...more,
});

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "a web application",
    api(undefined, {
      "Properties/launchSettings.json": '{"profiles":{"http":{"applicationUrl":"http://localhost:5101"}}}',
    }),
    {
      name: "Shop",
      language: "C#",
      runtime: { name: "dotnet", version: "8.0" },
      packageManager: "nuget",
      framework: "aspnet-core",
      kind: "api",
      install: "dotnet restore",
      build: "dotnet publish -c Release -o out",
      start: "dotnet Shop.dll",
      port: 8080,
      bind: null,
    },
  ],
  [
    "functions of Azure",
    { "Shop.csproj": project(`${NET8}<AzureFunctionsVersion>v4</AzureFunctionsVersion>`, "", "Microsoft.NET.Sdk") },
    { language: "C#", framework: "azure-functions", kind: "api", start: null },
  ],
  [
    "an application of the web for Windows",
    {
      "Shop.csproj": project(
        "<TargetFrameworkVersion>v4.7.2</TargetFrameworkVersion><OutputType>Library</OutputType><ProjectTypeGuids>{349c5851-65df-11da-9384-00065b846f21}</ProjectTypeGuids>",
        "",
        "",
      ),
    },
    { language: "C#", kind: "web", start: null },
  ],
  [
    "an older one",
    { "Shop.csproj": project("<TargetFramework>netcoreapp3.1</TargetFramework>"), "Program.cs": PROGRAM },
    { runtime: { name: "dotnet", version: "3.1" }, start: "dotnet Shop.dll" },
  ],
  [
    "a name of the assembly",
    { "Shop.csproj": project(`${NET8}<AssemblyName>Acme.$(MSBuildProjectName)</AssemblyName>`), "Program.cs": PROGRAM },
    { start: "dotnet Acme.Shop.dll" },
  ],
  [
    "several targets",
    { "Shop.csproj": project("<TargetFrameworks>net6.0;net10.0;net8.0</TargetFrameworks>"), "Program.cs": PROGRAM },
    { runtime: { name: "dotnet", version: "10.0" } },
  ],
  [
    "the version of the SDK alone",
    {
      "Shop.csproj": project(""),
      "Program.cs": PROGRAM,
      "global.json": '{ "sdk": { "version": "8.0.100" } } // pinned\n',
    },
    { runtime: { name: "dotnet", version: "8.0.100" } },
  ],
  [
    "addresses of the settings",
    api(undefined, { "appsettings.json": '{ "Kestrel": { "Endpoints": { "Http": { "Url": "http://*:5005" } } } }' }),
    { port: 5005, bind: "0.0.0.0" },
  ],
  [
    "settings of development count nothing",
    api(undefined, { "appsettings.Development.json": '{ "Urls": "http://localhost:5999" }' }),
    { port: 8080 },
  ],
  [
    "UseUrls",
    api('var b = WebApplication.CreateBuilder(args);\nb.WebHost.UseUrls("http://localhost:5006");\n'),
    { port: 5006, bind: "localhost" },
  ],
  ["Run with an address", api(`${PROGRAM}app.Run("http://0.0.0.0:3000");\n`), { port: 3000, bind: "0.0.0.0" }],
  [
    "Kestrel in code",
    api(
      "var b = WebApplication.CreateBuilder(args);\nb.WebHost.ConfigureKestrel(o => o.ListenAnyIP(5007));\n// o.ListenAnyIP(1);\n",
    ),
    { port: 5007 },
  ],
  [
    "the environment with a default",
    api(
      'var b = WebApplication.CreateBuilder(args);\nvar port = Environment.GetEnvironmentVariable("PORT") ?? "5008";\n',
    ),
    { port: 5008 },
  ],
  [
    "pages",
    api("var b = WebApplication.CreateBuilder(args);\nb.Services.AddControllersWithViews();\n"),
    { framework: "aspnet-core", kind: "web" },
  ],
  [
    "Razor Components",
    api("var b = WebApplication.CreateBuilder(args);\nb.Services.AddRazorComponents();\n"),
    { framework: "blazor", kind: "web" },
  ],
  [
    "a page in WebAssembly",
    {
      "Client.csproj": project(NET8, "", "Microsoft.NET.Sdk.BlazorWebAssembly"),
      "Program.cs": "var builder = WebAssemblyHostBuilder.CreateDefault(args);\n",
      "wwwroot/index.html": "<html></html>",
    },
    { framework: "blazor", kind: "spa", output: "out/wwwroot", start: null },
  ],
  [
    "a worker",
    {
      "Jobs.csproj": project(NET8, "", "Microsoft.NET.Sdk.Worker"),
      "Program.cs": "Host.CreateApplicationBuilder(args);\n",
    },
    { kind: "worker", start: "dotnet Jobs.dll", port: null, framework: null },
  ],
  [
    "a program with hosted services",
    { "Jobs.csproj": project(EXE, reference("Microsoft.Extensions.Hosting"), "Microsoft.NET.Sdk"), "Program.cs": "" },
    { kind: "worker" },
  ],
  [
    "a program with the framework of the web",
    {
      "Shop.csproj": project(EXE, '<FrameworkReference Include="Microsoft.AspNetCore.App" />', "Microsoft.NET.Sdk"),
      "Program.cs": PROGRAM,
    },
    { framework: "aspnet-core", kind: "api" },
  ],
  [
    "a program",
    { "Shop.csproj": project(EXE, "", "Microsoft.NET.Sdk"), "Program.cs": 'Console.WriteLine("Hello");\n' },
    { kind: null, start: "dotnet Shop.dll", framework: null },
  ],
  [
    "a tool",
    { "Shop.csproj": project(EXE, reference("System.CommandLine"), "Microsoft.NET.Sdk"), "Program.cs": "" },
    { kind: "cli", start: null },
  ],
  [
    "a library",
    { "Shop.csproj": project(NET8, "", "Microsoft.NET.Sdk"), "A.cs": "class A {}" },
    { kind: "library", start: null },
  ],
  [
    "a library with the SDK of the web",
    { "Shop.csproj": project(NET8), "A.cs": "public class A {}" },
    { kind: "library", start: null },
  ],
  [
    "tests",
    { "Tests.csproj": project(EXE, reference("Microsoft.NET.Test.Sdk"), "Microsoft.NET.Sdk"), "A.cs": "" },
    { kind: "library", start: null },
  ],
  [
    "a desktop program",
    {
      "App.csproj": project(
        "<TargetFramework>net8.0-windows</TargetFramework><OutputType>WinExe</OutputType><UseWPF>true</UseWPF>",
        "",
        "Microsoft.NET.Sdk",
      ),
    },
    { kind: "library", start: null, runtime: { name: "dotnet", version: "8.0" } },
  ],
  [
    "F#",
    {
      "Shop.fsproj": project(NET8),
      "Program.fs":
        'open Giraffe\n\n[<EntryPoint>]\nlet main args =\n    WebHostBuilder().UseUrls("http://0.0.0.0:5009") |> ignore\n    0\n',
    },
    { language: "F#", framework: "aspnet-core", port: 5009 },
  ],
  [
    "a native program",
    { "Shop.csproj": project(`${NET8}<PublishAot>true</PublishAot>`), "Program.cs": PROGRAM },
    { start: "./Shop" },
  ],
  [
    "the .NET Framework",
    {
      "Old.csproj":
        '<Project ToolsVersion="15.0"><PropertyGroup><OutputType>Exe</OutputType><TargetFrameworkVersion>v4.7.2</TargetFrameworkVersion></PropertyGroup></Project>',
      "A.cs": "",
    },
    { runtime: { name: "dotnet", version: "4.7.2" }, start: null },
  ],
  [
    "a solution beside the project",
    api(undefined, { "Shop.sln": 'Project("{X}") = "Shop", "Shop.csproj", "{Y}"\n' }),
    { build: "dotnet publish Shop.csproj -c Release -o out", workspace: null },
  ],
  [
    "a broken project",
    { "Shop.csproj": '\uFEFF<Project Sdk="Microsoft.NET.Sdk.Web">\r\n<PropertyGroup>', "Program.cs": PROGRAM },
    { language: "C#", framework: "aspnet-core", start: "dotnet Shop.dll", runtime: { name: "dotnet", version: null } },
  ],
  ["nothing of XML", { "Shop.csproj": "garbage", "Program.cs": PROGRAM }, { language: "C#", kind: "library" }],
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});

test("a solution: what runs is a service, tests and libraries are none", () => {
  const files: Repository = {
    "Shop.sln":
      'Project("{1}") = "Api", "src\\Api\\Api.csproj"\nProject("{1}") = "Core", "src\\Core\\Core.csproj"\nProject("{1}") = "Worker", "src\\Worker\\Worker.csproj"\n',
    "Directory.Build.props":
      "<Project><PropertyGroup><Net>9.0</Net><TargetFramework>net$(Net)</TargetFramework></PropertyGroup></Project>",
    "src/Api/Api.csproj": project("", '<ProjectReference Include="..\\Core\\Core.csproj" />'),
    "src/Api/Program.cs": PROGRAM,
    "src/Core/Core.csproj": project("", "", "Microsoft.NET.Sdk"),
    "src/Core/Core.cs": "",
    "src/Worker/Worker.csproj": project("", "", "Microsoft.NET.Sdk.Worker"),
    "tests/Api.Tests/Api.Tests.csproj": project(
      "",
      `${reference("xunit")}${reference("Microsoft.NET.Test.Sdk")}<ProjectReference Include="../../src/Api/Api.csproj" />`,
      "Microsoft.NET.Sdk",
    ),
    "tests/Api.Tests/T.cs": "",
  };
  const found = servicesIn(files);
  expect(Object.keys(found)).toEqual(["api", "worker"]);
  expect(found.api).toMatchObject({
    path: "src/Api",
    runtime: { name: "dotnet", version: "9.0" },
    workspace: ".",
    internal: ["src/Core"],
    test: "dotnet test ../../tests/Api.Tests/Api.Tests.csproj",
  });
  expect(factsIn(files, ["kind"])).toEqual({ kind: "library" });
  expect(factsIn(files, ["kind"], "tests/Api.Tests")).toEqual({ kind: "library" });
});

test("a client that a server hosts is no service", () => {
  const found = servicesIn({
    "Server/Server.csproj": project(NET8, '<ProjectReference Include="..\\Client\\Client.csproj" />'),
    "Server/Program.cs": `${PROGRAM}app.UseBlazorFrameworkFiles();\napp.MapFallbackToFile("index.html");\n`,
    "Client/Client.csproj": project(NET8, "", "Microsoft.NET.Sdk.BlazorWebAssembly"),
    "Client/wwwroot/index.html": "<html></html>",
    "Client/wwwroot/lib/bootstrap/package.json": '{"scripts":{"start":"node x.js"}}',
  });
  expect(Object.keys(found)).toEqual(["server"]);
  expect(found.server).toMatchObject({ framework: "blazor", kind: "web", internal: ["Client"] });
});

test("a project that is called after a task of developers is no service", () => {
  const files = {
    "src/Api/Api.csproj": project(NET8),
    "src/Api/Program.cs": `${PROGRAM}app.Run();\n`,
    "src/Shop.DbMigrator/Shop.DbMigrator.csproj": project(EXE, "", "Microsoft.NET.Sdk"),
    "src/Shop.DbMigrator/Program.cs": "Console.WriteLine();\n",
    "src/Shop.Worker/Shop.Worker.csproj": project(EXE, "", "Microsoft.NET.Sdk"),
    "src/Shop.Worker/Program.cs": "while (true) {}\n",
  };
  const found = servicesIn(files);
  expect(Object.values(found).map(({ path, kind }) => [path, kind])).toEqual([
    ["src/Api", "api"],
    ["src/Shop.Worker", "worker"],
  ]);
});
