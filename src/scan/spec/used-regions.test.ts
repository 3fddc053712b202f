import { expect, test } from "vitest";
import { memoryFiles } from "../files.ts";
import { scan } from "../scan.ts";

const FILE = "SPEC-001-shop/spec.md";
const APPLICATION = {
  "package.json": JSON.stringify({ scripts: { start: "node server.js" }, dependencies: { express: "4" } }),
  "server.js": 'require("express")().listen(3000);',
};

test.each<[string, Record<string, string>, string, [string, number, string] | undefined]>([
  ["vercel.json", { "vercel.json": '{\n  "regions": ["iad1"]\n}' }, "Region: Frankfurt", ["vercel.json", 2, "iad1"]],
  ["vercel.json there", { "vercel.json": '{ "regions": ["fra1"] }' }, "Region: Frankfurt", undefined],
  ["fly.toml", { "fly.toml": 'app = "a"\nprimary_region = "sjc"\n' }, "Data stays in the EU", ["fly.toml", 2, "sjc"]],
  [
    "render.yaml",
    { "render.yaml": "services:\n  - type: web\n    region: oregon\n" },
    "EU-only hosting",
    ["render.yaml", 3, "oregon"],
  ],
  [
    "Terraform",
    { "infra/main.tf": 'provider "aws" {\n  region = "us-east-1"\n}\n' },
    "Region: eu-central-1",
    ["infra/main.tf", 2, "us-east-1"],
  ],
  [
    "a comment",
    { "infra/main.tf": 'provider "aws" {\n  # region = "us-east-1"\n  region = "eu-west-3"\n}\n' },
    "Region: France",
    undefined,
  ],
  [
    "a pipeline",
    { ".github/workflows/d.yml": "env:\n  AWS_REGION: eu-west-1\n" },
    "Region: Germany",
    [".github/workflows/d.yml", 2, "eu-west-1"],
  ],
  [
    "another cloud's name",
    { "infra/main.tf": 'provider "google" {\n  region = "europe-west1"\n}\n' },
    "Region: eu-west-1",
    undefined,
  ],
])("a region elsewhere: %s", (_, files, line, expected) => {
  const { requirements } = scan(memoryFiles({ ...APPLICATION, ...files, [FILE]: `# Constraints\n- ${line}` }));
  const { contradicts } = requirements.find(({ id }) => id === "want.regions") ?? {};
  expect(contradicts && [contradicts.file, contradicts.line, contradicts.value]).toEqual(expected);
});
