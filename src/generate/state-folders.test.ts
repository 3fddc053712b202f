import { expect, test } from "vitest";
import { planOf } from "../../test/generate/scan-and-plan.ts";
import { stateFolders } from "./state-folders.ts";

test.each<[string[], string[], string[]]>([
  [["uploads", "data/app.db"], ["data", "uploads"], []],
  [["data", "data/app.sqlite3", "data/files"], ["data"], []],
  [["var/db.d/app.db", "memory", "/srv/files", "../up"], ["var/db.d"], []],
  [["app.db", "db"], ["db"], ["app.db"]],
  [[], [], []],
])("%j", (paths, folders, lost) => {
  const heard: string[] = [];
  expect(stateFolders(paths, (file) => heard.push(file))).toEqual(folders);
  expect(heard).toEqual(lost);
});

test("a database in a file: its folder outlives a release, one beside the code is told", () => {
  const repository = (file: string) => ({
    "package.json": JSON.stringify({
      ...{ name: "shop", scripts: { start: "node server.js" } },
      dependencies: { express: "4.0.0", "better-sqlite3": "11.0.0" },
    }),
    "package-lock.json": "{}",
    "server.js": `const express = require("express");
const Database = require("better-sqlite3");
const app = express();
const db = new Database("${file}");
app.listen(process.env.PORT || 3000);
`,
  });
  expect(planOf(repository("data/app.db")).services[0]?.state).toEqual(["data"]);
  const beside = planOf(repository("app.db"));
  expect(beside.services[0]?.state).toEqual([]);
  expect(beside.assumptions.join("\n")).toContain("shop keeps app.db beside its code");
});
