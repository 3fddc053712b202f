import { describe, expect, test } from "vitest";
import { memoryTree } from "../formats/tree.ts";
import { exactRuby, runsScripts } from "./ruby-image.ts";

const SERVICE = { path: "shop", runtime: { name: "ruby", version: null } };
const of = (files: Record<string, string>) =>
  memoryTree(Object.fromEntries(Object.entries(files).map(([name, text]) => [`shop/${name}`, text])));

describe("the image of the Ruby that bundler insists on", () => {
  test.each<[gemfile: string, others: Record<string, string>, image: string | undefined]>([
    ['source "x"\nruby "3.3.6"\n', {}, "ruby:3.3.6-slim-bookworm"],
    ["ruby '2.7.8'\n", {}, "ruby:2.7.8-slim-bullseye"],
    ["ruby '3.2.1'\n", {}, "ruby:3.2.1-slim-bullseye"],
    ["ruby('3.2.2')\n", {}, "ruby:3.2.2-slim-bookworm"],
    ['ruby file: ".ruby-version"\n', { ".ruby-version": "ruby-3.4.1\n" }, "ruby:3.4.1-slim-bookworm"],
    ['ruby file: ".tool-versions"\n', { ".tool-versions": "nodejs 22.1.0\nruby 3.1.4\n" }, "ruby:3.1.4-slim-bookworm"],
    ['ruby "~> 3.3.0"\n', {}, undefined],
    ['ruby ">= 3.1"\n', {}, undefined],
    ['# ruby "3.3.6"\ngem "rails"\n', { ".ruby-version": "3.3.6\n" }, undefined],
    ['ruby "3.1.4", engine: "jruby", engine_version: "9.4.8.0"\n', {}, undefined],
    ['ruby file: ".ruby-version"\n', {}, undefined],
  ])("%j", (Gemfile, others, image) => {
    expect(exactRuby(SERVICE, of({ Gemfile, ...others }))).toBe(image);
  });

  test("is asked for by Ruby only", () => {
    const tree = of({ Gemfile: 'ruby "3.3.6"\n' });
    expect(exactRuby({ path: "shop", runtime: { name: "node", version: null } }, tree)).toBeUndefined();
  });
});

describe("a JavaScript runtime for gems", () => {
  test.each<[files: Record<string, string>, needed: boolean]>([
    [{ Gemfile: "gem 'uglifier', '>= 1.3.0'\n" }, true],
    [{ Gemfile: "gem 'rails'\n", "Gemfile.lock": "GEM\n  specs:\n    execjs (2.8.1)\n" }, true],
    [{ Gemfile: "gem 'uglifier'\ngem 'mini_racer'\n" }, false],
    [{ Gemfile: "# gem 'uglifier'\ngem 'rails'\n" }, false],
    [{}, false],
  ])("%j", (files, needed) => {
    expect(runsScripts(SERVICE, of(files))).toBe(needed);
  });
});
