import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { terraform } from "./kind.ts";
import { cloudPlan } from "./testing.ts";

const TF = { PATH: process.env.PATH, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "/dev/null" };
const hasTerraform = spawnSync("terraform", ["version"], { env: TF }).status === 0;
const GIVEN = {
  aws: { zone_id: "Z1" },
  gcp: { project_id: "shop", dns_zone: "shop" },
  azure: { dns_zone: "example.com", dns_resource_group: "dns" },
};
const COMMON = {
  images: { api: `registry.test/api@sha256:${"a".repeat(64)}` },
  settings: { api: { SITE_URL: "https://shop.example.com" } },
  alarm_email: "ops@example.com",
};

/** Variables that are wrong one at a time, and the one that is told. */
const WRONG: Record<keyof typeof GIVEN, [variable: string, value: unknown][]> = {
  aws: [
    ["vpc_cidr", "10.20.0.0"],
    ["vpc_cidr", "10.20.0.0/24"],
    ["zones", 1],
    ["log_days", 31],
    ["cache_nodes", 0],
    ["password_version", 1.5],
    ["alarm_email", "ops"],
    ["domain", "https://shop.example.com"],
    ["replicas", { api: { min: 3, max: 2 }, "api-worker": { min: 1, max: 1 } }],
  ],
  gcp: [
    ["subnet_cidr", "everything"],
    ["database_availability", "MANY"],
    ["cache_tier", "GOLD"],
    ["domain", "shop"],
  ],
  azure: [
    ["vnet_cidr", "10.20.0.0/24"],
    ["log_days", 7],
    ["replicas", { api: { min: 0, max: 0 }, "api-worker": { min: 1, max: 1 } }],
  ],
};

const CLOUDS = Object.keys(GIVEN) as (keyof typeof GIVEN)[];
const skipped = hasTerraform ? "" : " (skipped: there is no terraform here)";

test.skipIf(!hasTerraform).each(CLOUDS)(
  `%s: sizes of both environments pass, wrong values are told by name${skipped}`,
  (cloud) => {
    const folder = mkdtempSync(join(tmpdir(), "checks-"));
    const run = (...args: string[]) => spawnSync("terraform", args, { cwd: folder, encoding: "utf8", env: TF });
    try {
      const files = terraform.render(cloudPlan(cloud, {}));
      const textOf = (end: string) => files.find(({ path }) => path.endsWith(end))?.text ?? "";
      writeFileSync(join(folder, "variables.tf"), textOf("/variables.tf"));
      const plan = (environment: string, more: Record<string, unknown> = {}) => {
        writeFileSync(join(folder, "sizes.tfvars"), textOf(`/${environment}.tfvars`));
        writeFileSync(join(folder, "given.tfvars.json"), JSON.stringify({ ...COMMON, ...GIVEN[cloud], ...more }));
        return run("plan", "-input=false", "-no-color", "-var-file=sizes.tfvars", "-var-file=given.tfvars.json");
      };
      expect(run("init", "-input=false", "-no-color").status).toBe(0);
      for (const environment of ["staging", "production"]) {
        const { status, stderr } = plan(environment);
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      }
      for (const [name, value] of WRONG[cloud]) {
        const { status, stderr } = plan("staging", { [name]: value });
        expect({ name, status }).toEqual({ name, status: 1 });
        expect(stderr).toContain(`var.${name}`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
