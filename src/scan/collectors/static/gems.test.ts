import { expect, test } from "vitest";
import { factsIn, type Repository } from "../compiled/testing.ts";

const gemfile = (...lines: string[]) => ['source "https://rubygems.org"', "", ...lines, ""].join("\n");

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "Middleman",
    {
      Gemfile: gemfile("gem 'middleman', '~> 4.2'"),
      "config.rb": "activate :autoprefixer\n",
      "source/index.html.erb": "",
    },
    { framework: "middleman", kind: "static", build: "bundle exec middleman build", output: "build", start: null },
  ],
  [
    "Middleman that is told another folder, not in a comment",
    {
      Gemfile: gemfile("gem 'middleman'"),
      "config.rb": "# set :build_dir, 'old'\nset :build_dir, 'dist'\n",
      "config.ru": "run Rack::File.new('dist')\n",
    },
    { framework: "middleman", output: "dist" },
  ],
  [
    "Bridgetown, which Rack shows while one writes",
    {
      Gemfile: gemfile('gem "bridgetown", "~> 1.3"', 'gem "puma"'),
      "config.ru": 'require "bridgetown-core/rack/boot"\n\nBridgetown::Rack.boot\n\nrun RodaApp.freeze.app\n',
      "package.json":
        '{ "scripts": { "esbuild": "node esbuild.config.js" }, "devDependencies": { "esbuild": "0.19" } }',
      "src/index.md": "",
    },
    { framework: "bridgetown", kind: "static", output: "output" },
  ],
  ["nanoc", { Gemfile: gemfile("gem 'nanoc'"), Rules: "" }, { framework: "nanoc", output: "output" }],
  [
    "a gem that extends a generator",
    { Gemfile: gemfile("gemspec", "gem 'middleman'"), "x.gemspec": "Gem::Specification.new\n", "lib/x.rb": "" },
    { framework: null, output: null },
  ],
  [
    "a theme of Jekyll that somebody filled",
    {
      Gemfile: gemfile("gemspec"),
      "theme.gemspec": "Gem::Specification.new do |spec|\n  spec.add_runtime_dependency 'jekyll', '>= 3.7'\nend\n",
      "_config.yml": "title: x\n",
      "_layouts/default.html": "",
      "_posts/2024-01-01-a.md": "",
      "package.json": '{ "devDependencies": { "uglify-js": "3" } }',
    },
    { framework: "jekyll", kind: "static", output: "_site" },
  ],
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});
