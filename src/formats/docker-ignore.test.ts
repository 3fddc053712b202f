import { describe, expect, it } from "vitest";
import { dockerIgnoreRules } from "./docker-ignore.ts";

describe(".dockerignore", () => {
  const rows: [rules: string, left: string[], kept: string[]][] = [
    ["node_modules", ["node_modules", "node_modules/a/b.js"], ["api/node_modules/a.js", "node_modules.txt"]],
    ["**/node_modules", ["node_modules/a", "api/node_modules/a"], ["a"]],
    ["/dist/\n./a//b", ["dist/x", "a/b"], ["x/dist/x"]],
    ["*.md\n!README.md", ["a.md"], ["README.md", "docs/a.md"]],
    ["*\n!src\n!package.json", ["Dockerfile", "dist/a"], ["src/a/b.ts", "package.json"]],
    ["!a\na", ["a"], []],
    ["a?c\n[xy].txt", ["abc", "x.txt"], ["ac", "z.txt"]],
    ["# a comment\n\n  \n .env* \n", [".env", ".env.local"], ["# a comment", "x/.env"]],
    ["**", ["a", "a/b"], []],
    ["[", ["["], ["a"]],
    ["*a*a*a*a*a*a*a*a*b", [], ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"]],
  ];
  it.each(rows)("%j", (rules, left, kept) => {
    const ignores = dockerIgnoreRules(rules);
    expect(left.filter((path) => !ignores(path))).toEqual([]);
    expect(kept.filter((path) => ignores(path))).toEqual([]);
  });
});
