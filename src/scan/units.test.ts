import { expect, test } from "vitest";
import { memoryFiles } from "./files.ts";
import { takeSnapshot } from "./snapshot.ts";
import { findUnits } from "./units.ts";

const units = (paths: readonly string[], texts: Readonly<Record<string, string>> = {}) =>
  findUnits(takeSnapshot(memoryFiles({ ...Object.fromEntries(paths.map((path) => [path, "x\n"])), ...texts }))).map(
    ({ id }) => id,
  );

test.each<[string, readonly string[], readonly string[]]>([
  ["nothing", [], []],
  ["texts alone", ["README.md", "docs/a.md"], []],
  ["manifests", ["package.json", "api/go.mod", "web/package.json"], [".", "api", "web"]],
  [
    "projects of .NET below a solution",
    ["Shop.sln", "src/Api/Api.csproj", "src/Core/Core.fsproj"],
    [".", "src/Api", "src/Core"],
  ],
  ["pages of another unit", ["package.json", "public/index.html", "docs/Makefile", "src/templates/index.html"], ["."]],
  ["pages beside others below a Makefile", ["Makefile", "api/go.mod", "web/index.html"], [".", "api", "web"]],
  ["pages beside others below a workspace", ["go.work", "api/go.mod", "web/index.html"], [".", "api", "web"]],
  ["pages below pages", ["index.html", "about/index.html"], ["."]],
  ["templates", ["templates/index.html"], []],
  ["the folder that is published is not the unit", ["public/index.html", "README.md"], ["."]],
  ["published folders of several", ["public/index.html", "api/go.mod"], ["api", "public"]],
  [
    "an image alone inside a unit",
    ["package.json", "docker/Dockerfile", "docker/nginx/Dockerfile", "src/index.js"],
    ["."],
  ],
  ["an image beside code of its unit", ["requirements.txt", "app/Dockerfile", "app/main.py"], ["."]],
  [
    "images beside code of several",
    ["package.json", "a/Dockerfile", "a/index.js", "b/Dockerfile", "b/index.js"],
    [".", "a", "b"],
  ],
  ["an image without a unit around it", ["docker-compose.yml", "web/Dockerfile", "web/x.conf"], ["web"]],
  ["a program without a manifest", ["server.js"], ["."]],
  ["a program below a Makefile", ["Makefile", "src/main.py"], [".", "src"]],
  ["programs inside others", ["main.py", "lib/main.py"], ["."]],
  ["scripts of a page", ["index.html", "js/main.js"], ["."]],
  ["scripts for people", ["scripts/start.sh", "package.json"], ["."]],
  ["what a page carries with it", ["App.csproj", "wwwroot/lib/jquery/package.json"], ["."]],
  [
    "a site and its theme",
    ["hugo.toml", "themes/x/hugo.toml", "themes/x/package.json", "themes/x/exampleSite/hugo.toml"],
    ["."],
  ],
  ["the only program", ["hello.py", "README.md"], ["."]],
  ["several programs of any name", ["a.py", "b.py"], []],
  ["what a server of Perl loads", ["cpanfile", "bin/app.psgi"], ["."]],
  ["requirements in a folder of their own", ["requirements/prod.txt", "src/main.py", "web/index.html"], ["."]],
  ["requirements with a name of their own", ["api/requirements-prod.txt", "api/src/main.py"], ["api"]],
  ["requirements of documents", ["docs/requirements/docs.txt", "a.py", "b.py"], []],
  ["a theme of something else", ["package.json", "themes/x/package.json"], [".", "themes/x"]],
  ["the configuration folder of Hugo", ["config/_default/hugo.toml", "content/a.md"], ["."]],
  ["a site of Jekyll below a Makefile", ["Makefile", "site/_config.yml", "site/_posts/a.md"], [".", "site"]],
])("%s", (_, paths, expected) => {
  expect(units(paths)).toEqual(expected);
});

test("words of a file decide where its name does not", () => {
  const site = { "config.toml": 'baseURL = "https://example.org"\n' };
  expect(units(["content/a.md"], site)).toEqual(["."]);
  expect(units(["src/a.md"], site)).toEqual([]);
  expect(units(["content/a.md"], { "config.toml": "port = 1\n" })).toEqual([]);
});

test("a package of Python that names itself is started from above", () => {
  expect(units([], { "app/main.py": "from app.db import session\n", "app/db.py": "" })).toEqual(["."]);
  expect(units([], { "src/app/main.py": "import app.db\n", "src/app/db.py": "" })).toEqual(["src"]);
  expect(units([], { "app/main.py": "from db import session\n", "app/db.py": "" })).toEqual(["app"]);
});

test("projects of Gradle need no build file", () => {
  const texts = {
    "settings.gradle.kts":
      'include(\n  ":api",\n  ":libs:core",\n  ":gone",\n)\nproject(":api").projectDir = file("services/api")\n',
  };
  expect(units(["services/api/src/main/java/A.java", "libs/core/src/main/java/B.java"], texts)).toEqual([
    ".",
    "libs/core",
    "services/api",
  ]);
});

test("a program of Go with its own image is a unit, and none of the module's others", () => {
  const main = 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":1", nil) }\n';
  const texts = { "go.mod": "module x\n", "cmd/a/main.go": main, "cmd/b/main.go": main, "cmd/c/main.go": main };
  expect(units([], texts)).toEqual([".#a", ".#b", ".#c"]);
  expect(units(["cmd/c/Dockerfile"], texts)).toEqual([".#a", ".#b", "cmd/c"]);
});
