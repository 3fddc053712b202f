import { expect, test } from "vitest";
import { memoryTree } from "../formats/tree.ts";
import { notInstalled } from "./not-installed.ts";

const tree = memoryTree({
  "api/package.json": '{ "dependencies": { "express": "5.0.0" } }',
  "plain/package.json": '{ "name": "plain" }',
  "broken/package.json": "{",
  "app.py": "",
});
const all = ["api", "plain", "broken", "."].map((path) => ({ path, install: "npm ci" }));

test.each<[string, string[], string[]]>([
  ["nothing is installed", [], ["npm ci in api"]],
  ["its packages are", ["api/node_modules"], []],
  ["those of the workspace are", ["node_modules"], []],
  ["they lie in an archive", [".pnp.cjs"], []],
])("%s", (_, present, expected) => expect(notInstalled(all, tree, (path) => present.includes(path))).toEqual(expected));
