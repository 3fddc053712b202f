import { expect, test } from "vitest";
import { factsIn, type Repository } from "../compiled/testing.ts";
import { gin, http, MODULE, program, requires } from "./testing.ts";

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "net/http at the root",
    http('http.ListenAndServe(":8080", nil)'),
    {
      name: "shop",
      language: "Go",
      runtime: { name: "go", version: "1.22" },
      packageManager: "go",
      framework: "net-http",
      kind: "api",
      build: "go build -o shop .",
      start: "./shop",
      port: 8080,
      bind: "0.0.0.0",
    },
  ],
  [
    "functions for a host",
    {
      "go.mod": requires("github.com/GoogleCloudPlatform/functions-framework-go v1.8.0"),
      "hello.go":
        'package hello\nimport "github.com/GoogleCloudPlatform/functions-framework-go/functions"\nfunc init() { functions.HTTP("Hello", nil) }\n',
    },
    { language: "Go", framework: "functions-framework", kind: "api", start: null },
  ],
  [
    "a version of the module is no name",
    {
      "go.mod": "module example.com/acme/api/v2\ngo 1.21.0\ntoolchain go1.22.1\n",
      "main.go": program(["net/http"], "http.ListenAndServe(`:9000`, nil)"),
    },
    { name: "api", start: "./api", runtime: { name: "go", version: "1.21.0" }, port: 9000 },
  ],
  [
    "a folder of the program's name",
    { ...http('http.ListenAndServe(":8080", nil)'), "shop/shop.go": "package shop\n" },
    { build: "go build -o bin/shop .", start: "./bin/shop" },
  ],
  [
    "gin without an address",
    { "go.mod": gin, "main.go": program(["github.com/gin-gonic/gin"], "r := gin.Default()\nr.Run()") },
    { framework: "gin", port: 8080, kind: "api" },
  ],
  [
    "gin behind a package, pages",
    {
      "go.mod": gin,
      "cmd/web/main.go": program(["github.com/acme/shop/internal/web"], "web.New().Run(web.Address())"),
      "internal/web/web.go":
        'package web\n\nimport (\n\t"html/template"\n\t"os"\n\n\t"github.com/gin-gonic/gin"\n)\n\nfunc Address() string {\n\tport := os.Getenv("PORT")\n\tif port == "" {\n\t\tport = "7070"\n\t}\n\treturn ":" + port\n}\n',
    },
    { framework: "gin", kind: "web", start: "./web", build: "go build -o web ./cmd/web", port: 7070 },
  ],
  [
    "an indirect requirement is no framework",
    {
      ...http('http.ListenAndServe(":8080", nil)'),
      "go.mod": requires("github.com/labstack/echo/v4 v4.1.0 // indirect"),
    },
    { framework: "net-http" },
  ],
  [
    "echo",
    {
      "go.mod": requires("github.com/labstack/echo/v4 v4.11.0"),
      "main.go": program(["github.com/labstack/echo/v4"], 'e := echo.New()\ne.Logger.Fatal(e.Start(":1323"))'),
    },
    { framework: "echo", port: 1323 },
  ],
  [
    "fiber on loopback",
    {
      "go.mod": requires("github.com/gofiber/fiber/v2 v2.50.0"),
      "main.go": program(["github.com/gofiber/fiber/v2"], 'app := fiber.New()\napp.Listen("127.0.0.1:3000")'),
    },
    { framework: "fiber", port: 3000, bind: "127.0.0.1" },
  ],
  [
    "chi with a server literal",
    {
      "go.mod": requires("github.com/go-chi/chi/v5 v5.0.0"),
      "main.go": program(
        ["net/http", "github.com/go-chi/chi/v5"],
        's := &http.Server{\n\tHandler: chi.NewRouter(),\n\tAddr: ":4000",\n}\ns.ListenAndServe()',
      ),
    },
    { framework: "chi", port: 4000 },
  ],
  [
    "gorilla websocket is no router",
    {
      "go.mod": requires("github.com/gorilla/websocket v1.5.0"),
      "main.go": program(["net/http", "github.com/gorilla/websocket"], 'http.ListenAndServe(":8081", nil)'),
    },
    { framework: "net-http", port: 8081 },
  ],
  [
    "gorilla mux",
    {
      "go.mod": requires("github.com/gorilla/mux v1.8.0"),
      "main.go": program(["net/http", "github.com/gorilla/mux"], 'http.ListenAndServe(":8082", mux.NewRouter())'),
    },
    { framework: "gorilla", port: 8082 },
  ],
  [
    "a command that serves by a subcommand",
    {
      "go.mod": requires("github.com/spf13/cobra v1.8.0"),
      "main.go": program(["github.com/acme/shop/cmd"], "cmd.Execute()"),
      "cmd/root.go": 'package cmd\n\nimport "github.com/spf13/cobra"\n\nvar root = &cobra.Command{Use: "shop"}\n',
      "cmd/serve.go":
        'package cmd\n\nimport "net/http"\n\nvar serve = &cobra.Command{Use: "serve", Run: func() { http.ListenAndServe(":8090", nil) }}\n',
    },
    { kind: "api", start: "./shop serve", port: 8090 },
  ],
  [
    "a command line tool",
    {
      "go.mod": requires("github.com/spf13/cobra v1.8.0"),
      "main.go": program(["github.com/spf13/cobra", "net/http"], "http.Get(url)"),
    },
    { kind: "cli", start: null, framework: null, port: null },
  ],
  [
    "flags alone are no tool",
    { "go.mod": MODULE, "main.go": program(["flag", "example.com/other/server"], "server.Run()") },
    { kind: null, start: "./shop" },
  ],
  [
    "a library with examples",
    {
      "go.mod": MODULE,
      "shop.go": "package shop\n",
      "examples/server/main.go": program(["net/http"], 'http.ListenAndServe(":8080", nil)'),
    },
    { kind: "library", start: null },
  ],
  [
    "a bot",
    {
      "go.mod": requires("github.com/bwmarrin/discordgo v0.27.0"),
      "main.go": program(["github.com/bwmarrin/discordgo"], "discordgo.New(token)"),
    },
    { kind: "worker", start: "./shop", port: null },
  ],
  [
    "gRPC alone",
    {
      "go.mod": requires("google.golang.org/grpc v1.60.0"),
      "main.go": program(
        ["net", "google.golang.org/grpc"],
        'l, _ := net.Listen("tcp", ":50051")\ngrpc.NewServer().Serve(l)',
      ),
    },
    { kind: "api", port: 50051 },
  ],
  [
    "programs that generate are none",
    {
      ...http('http.ListenAndServe(":8080", nil)'),
      "gen.go": "//go:build ignore\n\npackage main\n\nfunc main() {}\n",
      "hack/x/main.go": program([], ""),
      "tools/tools.go": "package main\nfunc main() {}\n",
    },
    { start: "./shop" },
  ],
  [
    "a broken module, line ends of Windows, a byte order mark",
    {
      "go.mod": "\uFEFFmodule\r\n!!! not a module\r\n",
      "main.go":
        '\uFEFFpackage main\r\n\r\nimport "net/http"\r\n\r\nfunc main() {\r\n\thttp.ListenAndServe(":8123", nil)\r\n',
    },
    { language: "Go", runtime: { name: "go", version: null }, start: "./app", port: 8123 },
  ],
  [
    "no module at all",
    { "main.go": program(["net/http"], 'http.ListenAndServe(":8124", nil)') },
    { language: "Go", build: "go build -o app main.go", start: "./app", port: 8124, framework: "net-http" },
  ],
  [
    "tests",
    {
      ...http('http.ListenAndServe(":8080", nil)'),
      "main_test.go": 'package main\n\nfunc TestX() { http.ListenAndServe(":1", nil) }\n',
    },
    { test: "go test ./...", install: "go mod download", port: 8080 },
  ],
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});
