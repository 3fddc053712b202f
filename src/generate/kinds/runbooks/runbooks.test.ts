import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memoryTree } from "../../../formats/tree.ts";
import { checkFiles } from "../../../lint/check.ts";
import { alertsOf } from "../../alerts.ts";
import { type Plan, TARGETS } from "../../plan.ts";
import { plan, service } from "../../testing.ts";
import { runbooks } from "./kind.ts";

const files = (given: Partial<Plan> = {}) =>
  Object.fromEntries(runbooks.render(plan(given)).map(({ path, text }) => [path, text]));

test.each(TARGETS)("%s: a page for each alert, the same each time, no rule objects", async (target) => {
  expect(Object.keys(files({ target }))).toHaveLength(alertsOf(plan({ target })).length);
  expect(files({ target })).toEqual(files({ target }));
  expect(await checkFiles({ tree: memoryTree(files({ target })), today: "2026-01-01" })).toEqual([]);
  expect(Object.values(files({ target })).join("\n")).not.toMatch(/undefined|\[object|\$\{/);
});

/** Commands of the program, as the reference has them. */
const COMMANDS = new Set(
  [
    ...readFileSync(new URL("../../../../docs/reference/cli.md", import.meta.url), "utf8").matchAll(
      /^#+ ([a-z][a-z-]*)/gm,
    ),
  ].map(([, name]) => name),
);

test("each command of a page is one that there is", () => {
  expect(COMMANDS.size).toBeGreaterThan(20);
  const text = Object.values(files()).join("\n");
  const used = [...text.matchAll(/(?<=^|`)stationmaster (\w[\w-]*)/gm)].map(([, name]) => name);
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((name) => !COMMANDS.has(name))).toEqual([]);
});

test.each<[Plan["target"], string]>([
  ["compose", "docker compose logs --tail 200 shop-api"],
  ["railway", "railway logs --service shop-api"],
  ["kubernetes", "kubectl -n shop-production logs deploy/shop-api --tail 200"],
  ["aws", "aws ecs describe-services --cluster shop-production --services shop-api"],
  ["gcp", "gcloud run services logs read shop-production-shop-api --region europe-west1 --limit 200"],
  ["azure", "az containerapp logs show --name shop-api-production --resource-group shop-production --tail 200"],
])("%s: the names that the generated files give it", (target, command) => {
  const cloud = { provider: "gcp", region: "europe-west1" } as const;
  expect(files({ target, cloud, services: [service("shop-api")] })["docs/runbooks/shop-api-down.md"]).toContain(
    command,
  );
});

test.each<[Plan["target"], string, string]>([
  ["compose", "`stationmaster rollback`", "`stationmaster restart shop-api`"],
  ["railway", "Rollback at the deployment before", "`railway redeploy --service shop-api --yes`"],
  ["vercel", "`vercel rollback`", ""],
  ["kubernetes", "`kubectl -n shop-production rollout undo deploy/shop-api`", "rollout restart deploy/shop-api`"],
  ["aws", "--task-definition` with the one before", "--service shop-api --force-new-deployment`"],
  ["gcp", "--to-revisions REVISION=100`", "gcloud run services update shop-production-shop-api"],
  ["azure", "az containerapp revision copy --name shop-api-production", "az containerapp revision restart"],
])("%s: what helps is a command of that platform", (target, back, restart) => {
  const page = files({ target, services: [service("shop-api")], stores: [] })["docs/runbooks/shop-api-down.md"];
  expect(page).toContain(`| it began with the newest release | `);
  expect(page).toContain(back);
  expect(page).toContain(restart);
  if (target !== "compose") expect(page).not.toMatch(/^stationmaster |`stationmaster /m);
});

test("pages in a bucket are asked as a visitor asks", () => {
  expect(files({ target: "aws" })["docs/runbooks/web-down.md"]).toContain("curl -fsSI https://shop.example.com/");
});

test("what a store needs stands on the pages of those who use it only", () => {
  expect(files()["docs/runbooks/api-down.md"]).toContain("pg_stat_activity");
  expect(files()["docs/runbooks/web-down.md"]).not.toContain("pg_stat_activity");
  expect(files()["docs/runbooks/api-down.md"]).toContain("1. the newest release is broken\n2. db (postgres) does not");
});
