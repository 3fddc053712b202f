import { describe, expect, it } from "vitest";
import { memoryFiles } from "./files.ts";
import { findPlatforms } from "./platforms.ts";
import { takeSnapshot } from "./snapshot.ts";

const found = (files: Record<string, string>) =>
  findPlatforms(takeSnapshot(memoryFiles(files))).map(({ id, file, evidence }) => `${id} ${file}:${evidence[0]?.line}`);

describe("platforms that a repository is set up for", () => {
  const rows: [files: Record<string, string>, expected: string[]][] = [
    [{ "railway.json": "{}" }, ["railway railway.json:1"]],
    [{ ".railway/railway.ts": "" }, ["railway .railway/railway.ts:1"]],
    [{ "vercel.json": "{}", "api/vercel.json": "{}" }, ["vercel vercel.json:1", "vercel api/vercel.json:1"]],
    [{ Procfile: "web: a", Dockerfile: "FROM a" }, ["dockerfile Dockerfile:1", "procfile Procfile:1"]],
    [{ "compose.yaml": "", "compose.prod.yaml": "" }, ["compose compose.prod.yaml:1", "compose compose.yaml:1"]],
    [{ ".github/workflows/a.yml": "", ".github/workflows/b.yml": "" }, ["github-actions .github/workflows/a.yml:1"]],
    [
      { "infra/main.tf": 'terraform {}\n\nprovider "aws" {\n}\n', "infra/b.tf": "" },
      ["terraform infra/b.tf:1", "aws infra/main.tf:3"],
    ],
    [
      { "infra/main.tf": 'resource "google_cloud_run_service" "a" {}\n' },
      ["terraform infra/main.tf:1", "gcp infra/main.tf:1"],
    ],
    [
      { "k8s/a.yaml": "apiVersion: apps/v1\nkind: Deployment\n", "k8s/kustomization.yaml": "resources: []\n" },
      ["kubernetes k8s/a.yaml:1", "kustomize k8s/kustomization.yaml:1"],
    ],
    [{ "chart/Chart.yaml": "name: a" }, ["helm chart/Chart.yaml:1"]],
    [
      { Jenkinsfile: "", "cloudbuild.yaml": "", "Pulumi.yaml": "" },
      ["jenkins Jenkinsfile:1", "cloud-build cloudbuild.yaml:1", "pulumi Pulumi.yaml:1"],
    ],
    [{ "project.toml": '[_]\nschema-version = "0.2"\n' }, ["buildpacks project.toml:1"]],
    [{ "Project.toml": "name = 'x'", "project.toml": "name = 'x'" }, []],
    [{ "examples/Dockerfile": "FROM a", "tests/compose.yaml": "", "docs/vercel.json": "{}" }, []],
    [{ "app.json": '{"expo":{}}', "app.yaml": "a: b", "nginx.conf": "", "Procfile.dev": "web: a" }, []],
    [{ "README.md": "railway.json", "src/railway.ts": "" }, []],
    [{ "vercel.ts": 'import type { VercelConfig } from "@vercel/config/v1";' }, ["vercel vercel.ts:1"]],
    [{ "src/vercel.ts": 'import { routes } from "@vercel/config/v1";', "vercel.ts": "export const x = 1;" }, []],
    [{}, []],
  ];
  it.each(rows)("%j", (files, expected) => {
    expect(found(files).toSorted()).toEqual(expected.toSorted());
  });
});
