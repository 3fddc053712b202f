import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { memoryTree } from "../../../formats/tree.ts";
import type { Plan } from "../../plan.ts";
import { plan, service } from "../../testing.ts";
import { updates } from "./kind.ts";

const entries = (given: Plan) =>
  (
    parse(updates.render(given)[0]?.text ?? "") as { updates: { "package-ecosystem": string; directory: string }[] }
  ).updates.map((entry) => `${entry["package-ecosystem"]} ${entry.directory}`);

describe("Dependabot on GitHub", () => {
  test("actions, packages, images and stores, each once", () => {
    expect(entries(plan())).toEqual([
      "github-actions /",
      "npm /api",
      "npm /web",
      "docker /api",
      "docker /web",
      "docker-compose /",
    ]);
  });

  test("a workspace has one lockfile; each manager its own name", () => {
    const own = { workspace: ".", packageManager: "pnpm" };
    const services = [
      service("a", { path: "apps/a", ...own }),
      service("b", { path: "apps/b", ...own }),
      service("py", { packageManager: "uv" }),
      service("go", { packageManager: "go" }),
      service("odd", { packageManager: null }),
    ];
    expect(
      entries(plan({ services, target: "kubernetes" })).filter((entry) => !/^(?:docker|github)/.test(entry)),
    ).toEqual(["npm /", "uv /py", "gomod /go"]);
  });

  test("the files of Terraform, where the target has some", () => {
    expect(entries(plan({ target: "aws" }))).toContain("terraform /infra/aws");
    expect(entries(plan({ target: "railway" })).join()).not.toMatch(/terraform|compose/);
  });

  test("nothing that was published in the last week, in few requests", () => {
    const [file] = updates.render(plan());
    expect(updates.render(plan())).toEqual([file]);
    // Dependabot reads YAML 1.1, where 06:00 is a number.
    expect(file?.text).not.toMatch(/: \d+:\d+$/m);
    expect(file?.text.startsWith("# Written by stationmaster generate")).toBe(true);
    for (const entry of (parse(file?.text ?? "") as { updates: object[] }).updates)
      expect(entry).toMatchObject({
        schedule: { interval: "weekly" },
        cooldown: { "default-days": 7 },
        groups: { minor: { "update-types": ["minor", "patch"] } },
      });
  });
});

test("Renovate elsewhere", () => {
  const [file, ...more] = updates.render(plan({ ci: "gitlab" }));
  expect(more).toEqual([]);
  expect(file?.path).toBe("renovate.json");
  expect(JSON.parse(file?.text ?? "")).toMatchObject({ minimumReleaseAge: "7 days" });
});

test.each(["renovate.json", ".github/renovate.json5", ".renovaterc"])("one robot only: %s was there first", (path) => {
  const given = plan({ tree: memoryTree({ [path]: "{}" }) });
  expect(updates.wanted(given)).toBe(false);
  expect(updates.render(given)).toEqual([]);
});

test("Dependabot stays where it is, whatever the pipeline", () => {
  const given = plan({ ci: "gitlab", tree: memoryTree({ ".github/dependabot.yml": "version: 2\n" }) });
  expect(updates.render(given).map(({ path }) => path)).toEqual([".github/dependabot.yml"]);
});
