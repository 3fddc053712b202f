import { expect, test } from "vitest";
import { factsIn, type Repository, servicesIn } from "../compiled/testing.ts";

const HTML = "<!doctype html><html><head><title>Shop</title></head><body><h1>Hello</h1></body></html>\n";

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "pages alone",
    { "index.html": HTML, "css/style.css": "body {}\n", "js/app.js": "alert(1);\n" },
    {
      kind: "static",
      runtime: { name: "static", version: null },
      output: ".",
      port: 8080,
      language: "HTML",
      framework: null,
      start: null,
    },
  ],
  [
    "much code behind a page",
    { "index.html": "<script src=app.js></script>", "app.js": "console.log('a game');\n".repeat(40) },
    { kind: "static", language: "JavaScript" },
  ],
  [
    "pages in the folder that is published",
    { "public/index.html": HTML, "README.md": "# Shop\n" },
    { kind: "static", output: "public" },
  ],
  [
    "pages in an image of nginx",
    { "index.html": HTML, Dockerfile: "FROM nginx:1.27\nCOPY . /usr/share/nginx/html\n" },
    { kind: "static", output: "." },
  ],
  [
    "pages beside a server",
    { "index.html": HTML, "server.js": "require('http').createServer(f).listen(3000);\n" },
    { output: null },
  ],
  ["pages beside a program in Python", { "index.html": HTML, "app.py": "from flask import Flask\n" }, { output: null }],
  [
    "Hugo",
    {
      "hugo.toml": "baseURL = 'https://example.org/'\n",
      "content/posts/a.md": "# A\n",
      "layouts/index.html": "{{ .Title }}",
    },
    { framework: "hugo", kind: "static", build: "hugo --minify", output: "public" },
  ],
  [
    "an older Hugo with a folder of its own",
    { "config.yaml": "baseURL: https://example.org\npublishDir: docs/out\n", "content/a.md": "" },
    { framework: "hugo", output: "docs/out" },
  ],
  [
    "Hugo with a folder of configurations, a module and its theme",
    {
      "config/_default/hugo.toml": "title = 'x'\n",
      "go.mod": "module example.org/site\n",
      "package.json": '{"devDependencies":{"postcss":"8"}}',
      "content/a.md": "",
      "themes/x/hugo.toml": "",
      "themes/x/exampleSite/hugo.toml": "",
    },
    { framework: "hugo", kind: "static" },
  ],
  [
    "Zola",
    { "config.toml": 'base_url = "https://example.org"\noutput_dir = "out"\n', "content/_index.md": "" },
    { framework: "zola", build: "zola build", output: "out" },
  ],
  [
    "a config.toml of something else",
    { "config.toml": 'base_url = "https://example.org"\n', "main.py": "print(1)\n" },
    { framework: null },
  ],
  [
    "Jekyll with its gem",
    {
      "_config.yml": "title: x\ndestination: ./out/\n",
      Gemfile: 'source "https://rubygems.org"\ngem "jekyll", "~> 4.3"\n',
      "index.md": "---\n---\n",
    },
    { framework: "jekyll", build: "bundle exec jekyll build", output: "out", kind: "static" },
  ],
  [
    "Jekyll by its folders",
    { "_config.yml": "title: x\n", "_posts/2024-01-01-a.md": "---\n---\n", "index.html": "---\n---\n" },
    { framework: "jekyll", build: "jekyll build", output: "_site" },
  ],
  [
    "a configuration alone is no Jekyll",
    { "_config.yml": "theme: x\n", "package.json": '{"name":"x","dependencies":{"hexo":"7"}}', "_posts/a.md": "" },
    { framework: "hexo" },
  ],
  [
    "MkDocs",
    {
      "mkdocs.yml": "site_name: x\nsite_dir: public\n",
      "requirements.txt": "mkdocs-material\n",
      "docs/index.md": "# x\n",
    },
    { framework: "mkdocs", build: "mkdocs build", output: "public", kind: "static" },
  ],
  [
    "MkDocs with tags of its own",
    {
      "mkdocs.yml": "site_name: x\nmarkdown_extensions:\n  - e:\n      f: !!python/name:material.twemoji\n",
      "docs/index.md": "",
    },
    { framework: "mkdocs", output: "site" },
  ],
  [
    "documents of an application",
    {
      "mkdocs.yml": "site_name: x\n",
      "pyproject.toml": "[project]\nname = 'x'\n",
      "src/x/app.py": "x = 1\n",
      "docs/index.md": "",
    },
    { output: null },
  ],
  [
    "mdBook",
    { "book.toml": '[book]\ntitle = "x"\n\n[build]\nbuild-dir = "out"\n', "src/SUMMARY.md": "" },
    { framework: "mdbook", output: "out" },
  ],
  [
    "a broken configuration",
    { "hugo.toml": "\uFEFFbaseURL = [\r\n", "content/a.md": "" },
    { framework: "hugo", output: "public" },
  ],
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});

test("pages in folders of a program are no sites", () => {
  const found = servicesIn({
    "go.mod": "module shop\n",
    "main.go": 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n',
    "static/index.html": HTML,
    "templates/index.html": HTML,
  });
  expect(Object.keys(found)).toEqual(["shop"]);
});

test("a site beside a program is a service of its own", () => {
  const found = servicesIn({
    Makefile: "all:\n\techo\n",
    "backend/go.mod": "module shop\n",
    "backend/main.go": 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n',
    "frontend/index.html": HTML,
  });
  expect(Object.keys(found)).toEqual(["backend", "frontend"]);
  expect(found.frontend).toMatchObject({ kind: "static", output: ".", languages: ["HTML"] });
});
