import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dashboardMissing } from "./web-root.ts";

test("a dashboard that is not built is said in one line, with a command that there is", () => {
  const [, command = "", folder = ""] = /: npm run (\w+) in (\S+), then/.exec(dashboardMissing("/nowhere") ?? "") ?? [];
  expect(JSON.parse(readFileSync(`${folder}package.json`, "utf8")).scripts).toHaveProperty(command);
});
