import { expect, test } from "vitest";
import { factsIn, type Repository } from "../compiled/testing.ts";

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "Gleam",
    {
      "gleam.toml": 'name = "shop"\ngleam = ">= 1.0.0"\n[dependencies]\nwisp = "~> 1.0"\n',
      "src/shop.gleam": "pub fn main() {\n  mist.new(handler) |> mist.port(8001) |> mist.start\n}\n",
    },
    {
      language: "Gleam",
      packageManager: "gleam",
      framework: "wisp",
      start: "./build/erlang-shipment/entrypoint.sh run",
      port: 8001,
      runtime: { name: "gleam", version: ">= 1.0.0" },
    },
  ],
  [
    "Erlang",
    {
      "rebar.config":
        '{deps, [cowboy]}.\n%% {release, {old, 1}}\n{relx, [{release, {shop, "0.1.0"}, [shop]}]}.\n{profiles, [{prod, []}]}.\n',
      "src/shop.erl": "start() -> cowboy:start_clear(http, [{port, 8080}], #{}).\n",
    },
    {
      language: "Erlang",
      framework: "cowboy",
      build: "rebar3 as prod release",
      start: "./_build/prod/rel/shop/bin/shop foreground",
      port: 8080,
    },
  ],
  [
    "Play",
    {
      "build.sbt":
        'name := "Shop Web"\nscalaVersion := "2.13.12"\nlazy val root = (project in file(".")).enablePlugins(PlayScala)\n',
      "app/controllers/Home.scala": "class Home {}",
    },
    {
      language: "Scala",
      framework: "play",
      packageManager: "sbt",
      build: "sbt stage",
      start: "./target/universal/stage/bin/shop-web -Dhttp.port=${PORT:-9000}",
      port: 9000,
    },
  ],
  [
    "http4s in an assembly",
    {
      "build.sbt":
        'name := "shop"\nversion := "1.0"\nscalaVersion := "3.3.1"\nlibraryDependencies += "org.http4s" %% "http4s-ember-server" % "0.23"\n',
      "project/plugins.sbt": 'addSbtPlugin("com.eed3si9n" % "sbt-assembly" % "2.1")\n',
      "src/main/scala/Main.scala":
        'object Main extends IOApp.Simple {\n  // .withPort(port"1111")\n  val s = server.bind("0.0.0.0", 8082)\n}\n',
    },
    {
      framework: "http4s",
      build: "sbt assembly",
      start: "java -jar target/scala-3.3.1/shop-assembly-1.0.jar",
      port: 8082,
      bind: "0.0.0.0",
    },
  ],
  [
    "Leiningen",
    {
      "project.clj":
        '(defproject acme/shop "0.1.0"\n  :dependencies [[ring/ring-jetty-adapter "1.9"] [compojure "1.7"]]\n  :main ^:skip-aot shop.core\n  :target-path "target/%s")\n',
      "src/shop/core.clj":
        '(ns shop.core)\n;; (run-jetty app {:port 1111})\n(defn -main [] (run-jetty app {:port (Integer/parseInt (or (System/getenv "PORT") "3001"))}))\n',
    },
    {
      language: "Clojure",
      packageManager: "leiningen",
      framework: "compojure",
      build: "lein uberjar",
      start: "java -jar target/uberjar/shop-0.1.0-standalone.jar",
      port: 3001,
    },
  ],
  [
    "Clojure's own tool",
    {
      "deps.edn":
        '{:deps {http-kit/http-kit {:mvn/version "2.7"}}\n :aliases {:run {:main-opts ["-m" "shop.core"]}}}\n',
      "src/shop/core.clj": "(ns shop.core)\n(defn -main [] (run-server app {:port 3002}))\n",
    },
    { framework: "http-kit", start: "clojure -M:run", port: 3002 },
  ],
  [
    "Dart",
    {
      "pubspec.yaml": "name: shop\nenvironment:\n  sdk: ^3.0.0\ndependencies:\n  shelf: ^1.4.0\n",
      "bin/server.dart": "void main() async {\n  final port = int.parse(Platform.environment['PORT'] ?? '8083');\n}\n",
    },
    {
      language: "Dart",
      framework: "shelf",
      build: "dart compile exe bin/server.dart -o bin/server",
      start: "./bin/server",
      port: 8083,
      runtime: { name: "dart", version: "^3.0.0" },
    },
  ],
  [
    "a page of Flutter",
    {
      "pubspec.yaml": "name: shop\ndependencies:\n  flutter:\n    sdk: flutter\n",
      "lib/main.dart": "void main() {}\n",
      "web/index.html": "<html></html>",
    },
    { kind: "spa", framework: "flutter", output: "build/web", start: null },
  ],
  [
    "Flutter for telephones",
    {
      "pubspec.yaml": "name: shop\ndependencies:\n  flutter:\n    sdk: flutter\n",
      "lib/main.dart": "void main() {}\n",
    },
    { kind: "library", start: null },
  ],
  [
    "Vapor",
    {
      "Package.swift":
        '// swift-tools-version:5.9\nlet package = Package(name: "Shop", dependencies: [.package(url: "https://github.com/vapor/vapor.git", from: "4.0.0")], targets: [.executableTarget(name: "App")])\n',
      "Sources/App/main.swift": "",
    },
    {
      language: "Swift",
      framework: "vapor",
      start: "./.build/release/App serve --env production --hostname 0.0.0.0 --port ${PORT:-8080}",
      port: 8080,
      runtime: { name: "swift", version: "5.9" },
    },
  ],
  [
    "Haskell with Stack",
    {
      "stack.yaml": "resolver: lts-22.0\n",
      "package.yaml": "name: shop\nexecutables:\n  shop-server:\n    main: Main.hs\ndependencies:\n  - scotty\n",
      "app/Main.hs": 'main = scotty 3003 $ do\n  -- scotty 1111\n  get "/" $ text "x"\n',
    },
    { language: "Haskell", packageManager: "stack", framework: "scotty", start: "./bin/shop-server", port: 3003 },
  ],
  [
    "Haskell with Cabal",
    {
      "shop.cabal":
        "name: shop\n-- executable old\nexecutable shop\n  main-is: Main.hs\n  build-depends: base, servant-server\n",
      "Main.hs": "main = run 8084 app\n",
    },
    { packageManager: "cabal", framework: "servant", start: "./bin/shop", port: 8084 },
  ],
  [
    "Zig",
    {
      "build.zig": 'const exe = b.addExecutable(.{\n    .name = "shop",\n});\n',
      "build.zig.zon": '.{ .minimum_zig_version = "0.13.0", .dependencies = .{ .zap = .{} } }',
      "src/main.zig": "const l = zap.HttpListener.init(.{ .port = 3004 });\n",
    },
    { language: "Zig", framework: "zap", start: "./zig-out/bin/shop", port: 3004 },
  ],
  [
    "Crystal",
    {
      "shard.yml":
        "name: shop\ncrystal: 1.11.0\ntargets:\n  shop:\n    main: src/shop.cr\ndependencies:\n  kemal:\n    github: kemalcr/kemal\n",
      "src/shop.cr": 'require "kemal"\nKemal.run\n',
    },
    {
      language: "Crystal",
      framework: "kemal",
      build: "shards build shop --release --production",
      start: "./bin/shop",
      port: 3000,
    },
  ],
  [
    "Nim",
    {
      "shop.nimble": 'bin = @["shop"]\nrequires "nim >= 2.0.0"\nrequires "jester >= 0.6"\n',
      "src/shop.nim": 'routes:\n  get "/": resp "x"\n',
    },
    {
      language: "Nim",
      framework: "jester",
      build: "nimble build -y -d:release",
      start: "./shop",
      port: 5000,
      runtime: { name: "nim", version: ">=2.0.0" },
    },
  ],
  [
    "D",
    {
      "dub.json": '{"name":"shop","dependencies":{"vibe-d":"~>0.9"}}',
      "source/app.d": "void main() { settings.port = 8085; }\n",
    },
    { language: "D", framework: "vibe-d", start: "./shop", port: 8085 },
  ],
  [
    "V",
    {
      "v.mod": "Module {\n\tname: 'shop'\n}\n",
      "main.v": "module main\nimport veb\nfn main() {\n\tveb.run[App, Context](mut app, 8086)\n}\n",
    },
    { language: "V", framework: "veb", build: "v -prod -o app .", start: "./app" },
  ],
  [
    "OCaml",
    {
      "dune-project": "(lang dune 3.0)\n(name shop)\n",
      "bin/dune": "(executable\n (public_name shop)\n (name main)\n (libraries dream))\n",
      "bin/main.ml": "let () = Dream.run ~port:8087 handler\n",
    },
    { language: "OCaml", framework: "dream", start: "./_build/default/bin/main.exe", port: 8087 },
  ],
  [
    "Perl with PSGI",
    { cpanfile: "requires 'Dancer2';\n", "app.psgi": "use Dancer2;\n" },
    {
      language: "Perl",
      framework: "dancer",
      start: "plackup --host 0.0.0.0 --port ${PORT:-5000} app.psgi",
      port: 5000,
    },
  ],
  [
    "Mojolicious",
    { cpanfile: "requires 'Mojolicious';\n", "app.pl": "use Mojolicious::Lite;\napp->start;\n" },
    { framework: "mojolicious", start: "perl app.pl daemon -m production -l http://*:${PORT:-3000}", port: 3000 },
  ],
  [
    "Shiny",
    { "app.R": "library(shiny)\nshinyApp(ui, server)\n" },
    { language: "R", framework: "shiny", kind: "web", port: 3838 },
  ],
  [
    "Julia",
    { "Project.toml": '[deps]\nGenie = "c43c736e"\n', "main.jl": "using Genie\nup(8088, async = false)\n" },
    { language: "Julia", framework: "genie", start: "julia --project main.jl" },
  ],
  [
    "CMake",
    {
      "CMakeLists.txt":
        "project(shop CXX)\nadd_subdirectory(src)\n# add_executable(old old.cpp)\nadd_executable(shop_tests test.cpp)\n",
      "src/CMakeLists.txt": "find_package(Drogon)\nadd_executable(${PROJECT_NAME} main.cpp)\n",
      "src/main.cpp": 'int main() { drogon::app().addListener("0.0.0.0", 8089).run(); }\n',
    },
    { language: "C++", packageManager: "cmake", framework: "drogon", start: "./build/src/shop", port: 8089 },
  ],
  [
    "a library of CMake",
    { "CMakeLists.txt": "add_library(shop shop.c)\n", "shop.c": "int a;\n" },
    { language: "C", kind: "library", start: null },
  ],
  [
    "make",
    {
      Makefile:
        "CC = gcc\nTARGET = bin/server\n\nall: $(TARGET)\n\n$(TARGET): main.o\n\t$(CC) -o $@ $^\n\n%.o: %.c\n\t$(CC) -c -o $@ $<\n",
      "main.c": "int main() { addr.sin_port = htons(8090); }\n",
    },
    { language: "C", packageManager: "make", build: "make", start: "./bin/server", port: 8090 },
  ],
  [
    "a Makefile of another language",
    {
      Makefile: "run:\n\tpython main.py\n",
      "main.py": "print(1)\n",
      "native/ext.c": "int a;\n",
      "requirements.txt": "flask\n",
    },
    { language: "Python" },
  ],
  [
    "a program of one file",
    { "main.cpp": "int main() {}\n" },
    { language: "C++", build: "c++ -O2 -o main main.cpp", start: "./main", kind: null },
  ],
  ["a script", { "start.sh": "#!/usr/bin/env bash\nexec nc -l 8080\n" }, { language: "Shell", start: "bash start.sh" }],
  [
    "broken manifests",
    { "gleam.toml": "name = [", "src/x.gleam": "" },
    { language: "Gleam", start: null, kind: "library" },
  ],
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});
