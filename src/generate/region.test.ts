import { describe, expect, test } from "vitest";
import { parseManifest } from "../config/load.ts";
import type { GenerateTarget } from "../contract/generate.ts";
import { memoryFiles } from "../scan/files.ts";
import { reportOf } from "../scan/report.ts";
import { scanUnits } from "../scan/scan.ts";
import { takeSnapshot } from "../scan/snapshot.ts";
import { makePlan } from "./make-plan.ts";
import { manifestSource } from "./manifest-source.ts";
import { loadPins } from "./pins.ts";

const APPLICATION = {
  "package.json": JSON.stringify({
    name: "shop",
    scripts: { start: "node server.js" },
    dependencies: { express: "4" },
  }),
  "package-lock.json": "{}",
  "server.js": 'require("express")().listen(process.env.PORT || 3000);\n',
};

function plan(target: GenerateTarget | undefined, files: Record<string, string>, manifest?: string) {
  const snapshot = takeSnapshot(memoryFiles({ ...APPLICATION, ...files }));
  const report = reportOf(scanUnits(snapshot));
  return makePlan({
    ...{ report, tree: snapshot, pins: loadPins(), folder: "shop" },
    ...(target ? { target } : {}),
    ...(manifest
      ? {
          manifest: parseManifest(manifest, "stationmaster.yaml"),
          source: manifestSource("stationmaster.yaml", manifest),
        }
      : {}),
  });
}
const spec = (...lines: string[]) => ({ "SPEC-1/spec.md": `# Constraints\n${lines.join("\n")}\n` });

describe("the region that requirements ask for", () => {
  test.each<[string, "aws" | "gcp" | "azure", string]>([
    ["Region: EU (Frankfurt)", "aws", "eu-central-1"],
    ["Region: EU (Frankfurt)", "gcp", "europe-west3"],
    ["Region: EU (Frankfurt)", "azure", "germanywestcentral"],
    ["Data residency: Switzerland", "aws", "eu-central-2"],
    ["Hosting region: Europe", "gcp", "europe-west1"],
    ["Region: us-west-2", "gcp", "us-west1"],
    ["Region: us-west-2", "aws", "us-west-2"],
    ["Region: europe-west3", "aws", "eu-central-1"],
    ["Region: Azure UK South", "azure", "uksouth"],
    ["Region: Japan (Tokyo)", "azure", "japaneast"],
    ["All data stays in Canada", "gcp", "northamerica-northeast1"],
    ["Region: US East (N. Virginia)", "gcp", "us-east4"],
  ])("%s: on %s %s", (line, target, region) => {
    const { cloud, contradictions } = plan(target, spec(`- ${line}`));
    expect(cloud).toEqual({ provider: target, region, origin: "SPEC-1/spec.md:2" });
    expect(contradictions).toEqual([]);
  });

  test("the narrower one of two lines; one region cannot be in two places, which is told", () => {
    expect(plan("aws", spec("- GDPR: data stays in the EU", "- Region: Frankfurt")).cloud.region).toBe("eu-central-1");
    const { cloud, assumptions } = plan("aws", spec("- Regions: Sydney and Tokyo"));
    expect(cloud.region).toBe("ap-northeast-1");
    expect(assumptions.join("\n")).toContain("one region, ap-northeast-1: au (SPEC-1/spec.md:2) is not in it");
  });

  test("where the cloud has none there, it is ruled out and the usual one is told", () => {
    const { cloud, assumptions, contradictions } = plan("aws", spec("- Region: Austria"));
    expect(cloud).toEqual({ provider: "aws", region: "eu-west-1" });
    expect(assumptions.join("\n")).toContain("aws has no region in at (SPEC-1/spec.md:2)");
    expect(contradictions).toMatchObject([
      { rule: "platform", file: "SPEC-1/spec.md", line: 2, message: "aws is ruled out: it has no region in at" },
    ]);
  });

  test("the manifest wins, and a contradiction names both lines", () => {
    const manifest = (region: string) =>
      `project: shop\nservices: { shop: { start: node server.js } }\nenvironments: { local: { platform: local } }\ngenerate:\n  platform: aws\n  terraform: { cloud: aws, region: ${region} }\n`;
    const { cloud, contradictions } = plan(undefined, spec("- Region: Frankfurt"), manifest("eu-west-1"));
    expect(cloud).toEqual({ provider: "aws", region: "eu-west-1", origin: "stationmaster.yaml:6" });
    expect(contradictions).toEqual([
      {
        rule: "manifest",
        severity: "warning",
        file: "stationmaster.yaml",
        line: 6,
        message:
          "the region is eu-west-1 here, and SPEC-1/spec.md:2 asks for de: aws has eu-central-1 (Frankfurt) there",
      },
    ]);
    expect(plan(undefined, spec("- Region: Frankfurt"), manifest("eu-central-1")).contradictions).toEqual([]);
  });
});

test("a platform that was ruled out is written for, with a warning at each line that shows why", () => {
  const files = { Procfile: "web: node server.js\nworker: node worker.js\n", "worker.js": "work();\n" };
  expect(plan("vercel", files).contradictions).toEqual([
    {
      rule: "platform",
      severity: "warning",
      file: "Procfile",
      line: 2,
      message: "vercel is ruled out: shop worker works without requests, and only requests start something",
    },
  ]);
  expect(plan("railway", files).contradictions).toEqual([]);
});

test("where no file names the region of a platform, it is told which one to take", () => {
  const { assumptions } = plan("railway", spec("- Region: Netherlands"));
  expect(assumptions.join("\n")).toContain(
    "europe-west4 (Amsterdam) fits what SPEC-1/spec.md:2 asks for: set it for each service on Railway",
  );
});

test("a region of one cloud stands for the part of the world, not for countries around it", () => {
  expect(plan("gcp", spec("- Region: Azure Switzerland North")).cloud.region).toBe("europe-west6");
  expect(plan("vercel", spec("- Region: Azure Switzerland North")).contradictions[0]?.message).toBe(
    "vercel is ruled out: it has no region in switzerlandnorth",
  );
});

test("the first of several regions by name", () => {
  expect(plan("gcp", spec("- Region: us-central1, failover us-east4")).cloud.region).toBe("us-central1");
});

test("a requirement that the repository contradicts is a warning with both lines", () => {
  const files = { "infra/main.tf": 'provider "aws" {\n  region = "us-east-1"\n}\n', ...spec("- Region: Frankfurt") };
  expect(plan("aws", files).contradictions).toEqual([
    {
      rule: "requirements",
      severity: "warning",
      file: "SPEC-1/spec.md",
      line: 2,
      message: "asks for de, and region is us-east-1 (infra/main.tf:2)",
    },
  ]);
});
