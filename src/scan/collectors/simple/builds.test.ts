import { expect, test } from "vitest";
import { factsIn, type Repository, servicesIn } from "../compiled/testing.ts";

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "Mill",
    {
      "build.sc":
        'import mill._, scalalib._\nobject shop extends ScalaModule {\n  def ivyDeps = Agg(ivy"com.lihaoyi::cask:0.9.1")\n}\n',
      "shop/src/App.scala": "object App extends cask.MainRoutes { initialize() }\n",
    },
    {
      language: "Scala",
      packageManager: "mill",
      framework: "cask",
      build: "mill shop.assembly",
      start: "java -jar out/shop/assembly.dest/out.jar",
    },
  ],
  [
    "zio-http by itself",
    {
      "build.sbt": 'name := "z"\nlibraryDependencies += "dev.zio" %% "zio-http" % "3.0.0"\n',
      "src/main/scala/Main.scala":
        "object Main extends ZIOAppDefault { val run = Server.serve(r).provide(Server.default) }\n",
    },
    { framework: "zio-http", port: 8080 },
  ],
  [
    "zio-http with a port",
    {
      "build.sbt": 'name := "z"\nlibraryDependencies += "dev.zio" %% "zio-http" % "3.0.0"\n',
      "src/main/scala/Main.scala":
        "object Main extends ZIOAppDefault { val run = r.provide(Server.defaultWithPort(8090)) }\n",
    },
    { port: 8090 },
  ],
  [
    "the settings of Clojure",
    {
      "project.clj": '(defproject shop "0.1.0"\n  :dependencies [[ring/ring-core "1.9"]]\n  :main shop.core)\n',
      "src/shop/core.clj": "(ns shop.core)\n(defn -main [] (start))\n",
      "env/dev/resources/config.edn": "{:port 1111}\n",
      "env/prod/resources/config.edn": "{:prod true\n ; :port 2222\n :port #long #or [#env PORT 3100]}\n",
    },
    { port: 3100 },
  ],
  [
    "a project of an editor for a servlet container",
    {
      ".classpath": "<classpath/>\n",
      "src/acme/Login.java": "package acme;\npublic class Login extends HttpServlet {}\n",
      "WebContent/WEB-INF/web.xml": "<web-app/>\n",
      "WebContent/index.html": "<html></html>\n",
    },
    { language: "Java", kind: "web", start: null, packageManager: null },
  ],
  [
    "Ant",
    {
      "build.xml": '<project name="shop" default="jar"></project>\n',
      "src/acme/Tools.java": "package acme;\npublic class Tools {}\n",
    },
    { language: "Java", kind: "library", packageManager: "ant" },
  ],
  [
    "a project of an editor beside the build of Maven",
    {
      ".classpath": "<classpath/>\n",
      "pom.xml": "<project><groupId>a</groupId><artifactId>b</artifactId><version>1</version></project>\n",
      "src/main/java/A.java": "public class A { public static void main(String[] a) {} }\n",
    },
    { language: "Java", kind: null, packageManager: "maven" },
  ],
  [
    "a program with a window of Qt",
    {
      "CMakeLists.txt":
        "project(paint)\nfind_package(Qt6 REQUIRED COMPONENTS Core Widgets)\nadd_executable(paint main.cpp)\n",
      "main.cpp": "int main() { return app.exec(); }\n",
    },
    { language: "C++", kind: "cli", start: null },
  ],
  [
    "a name of sbt in three quotes, and a plugin in a comment",
    {
      "build.sbt":
        'name := """play-shop"""\nlazy val root = (project in file(".")).enablePlugins(PlayScala)\n// "org.http4s" %% "http4s-dsl"\n',
      "project/plugins.sbt": '// addSbtPlugin("com.eed3si9n" % "sbt-assembly" % "2.1.5")\n',
      "app/controllers/Home.scala": "class Home\n",
    },
    {
      framework: "play",
      build: "sbt stage",
      start: "./target/universal/stage/bin/play-shop -Dhttp.port=${PORT:-9000}",
    },
  ],
  [
    "a project of several of sbt",
    {
      "build.sbt":
        'ThisBuild / scalaVersion := "2.13.12"\nlazy val shared = project.in(file("shared")).settings(name := "shop-shared")\nlazy val server = (project in file("server"))\n  .settings(name := "shop-server", libraryDependencies += "com.typesafe.akka" %% "akka-http" % "10.5")\n  .dependsOn(shared)\n  .enablePlugins(JavaAppPackaging)\n',
      "shared/src/main/scala/S.scala": "object S\n",
      "server/src/main/scala/Main.scala":
        'object Main extends App { Http().newServerAt("0.0.0.0", 9000).bind(routes) }\n',
    },
    {
      name: "shop-server",
      framework: "akka-http",
      build: "sbt server/stage",
      start: "./server/target/universal/stage/bin/shop-server",
      port: 9000,
    },
  ],
  [
    "hpack: a framework in a comment, a manifest that is none of JavaScript",
    {
      "stack.yaml": "resolver: lts-21\n",
      "package.yaml": "name: shop\n# - scotty\ndependencies:\n- base\nexecutables:\n  shop-exe:\n    main: Main.hs\n",
      "app/Main.hs": "-- run 9999\nmain = pure ()\n",
    },
    {
      language: "Haskell",
      packageManager: "stack",
      framework: null,
      install: "stack build --only-dependencies",
      port: null,
    },
  ],
  [
    "autotools",
    {
      "configure.ac": "AC_INIT([httpd], [1.0])\n",
      "Makefile.am": "SUBDIRS = src\n",
      "src/Makefile.am": "bin_PROGRAMS = httpd\nhttpd_SOURCES = httpd.c\n",
      "src/httpd.c": "int main() { return 0; }\n",
    },
    { language: "C", packageManager: "autotools", start: "./src/httpd" },
  ],
  [
    "Lapis",
    { "app.lua": 'local lapis = require("lapis")\nreturn lapis.Application()\n', "nginx.conf": "" },
    { language: "Lua", framework: "lapis", start: "lapis server production", port: 8080 },
  ],
  [
    "Ballerina",
    {
      "Ballerina.toml": '[package]\norg = "acme"\nname = "shop"\n',
      "main.bal": "import ballerina/http;\n// new http:Listener(9999)\nservice / on new http:Listener(8080) {}\n",
    },
    { language: "Ballerina", kind: "api", start: "java -jar target/bin/shop.jar", port: 8080 },
  ],
  ["Racket", { "main.rkt": "#lang racket\n" }, { language: "Racket", start: "racket main.rkt" }],
  ["a program of another name", { "Hello.java": "class Hello {}\n" }, { language: "Java", start: "java Hello" }],
  ["Lua alone", { "main.lua": '-- require("lapis")\nprint(1)\n' }, { framework: null, start: "lua main.lua" }],
  [
    "Shiny in two files",
    { "ui.R": "library(shiny)\nfluidPage()\n", "server.R": "function(input, output) {}\n" },
    { language: "R", framework: "shiny", port: 3838 },
  ],
  [
    "a type before the arguments of V",
    {
      "v.mod": "Module {\n\tname: 'blog'\n}\n",
      "main.v":
        "module main\nimport veb\n// veb.run[App, Context](mut app, 9)\nfn main() {\n\tveb.run[App, Context](mut app, 8081)\n}\n",
    },
    { language: "V", framework: "veb", port: 8081 },
  ],
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});

test("what a server of Perl loads in bin is no service of its own", () => {
  const files = {
    cpanfile: "requires 'Dancer2';\n",
    "bin/app.psgi": "use Shop;\nShop->to_app;\n",
    "lib/Shop.pm": "package Shop;\nuse Dancer2;\ntrue;\n",
  };
  expect(Object.values(servicesIn(files)).map(({ path, start }) => [path, start])).toEqual([
    [".", "plackup --host 0.0.0.0 --port ${PORT:-5000} bin/app.psgi"],
  ]);
});
