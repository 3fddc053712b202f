import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { secretFiles } from "./secrets.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-secret-files-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("secrets lie in .env, in its variants and in the mount; templates and folders hold none", () => {
  const files = [".env", ".env.local", ".env.production.local", ".env.example.local"];
  const others = [".env.example", ".env.sample", ".env.template", ".envoy.yaml", "app.env", "env"];
  for (const name of [...files, ...others]) writeFileSync(join(root, name), "A=1\n");
  symlinkSync("env", join(root, ".env.linked"));
  // As `python -m venv .env.d` makes it.
  mkdirSync(join(root, ".env.d"));
  const found = secretFiles(root, { STATIONMASTER_SECRETS: join(root, "mounted") });
  expect(found.map((path) => basename(path)).sort()).toEqual([...files, ".env.linked", "mounted"].sort());
  expect(secretFiles(join(root, "nowhere"), {})).toEqual(["/run/secrets"]);
});
