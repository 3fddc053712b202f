import { expect, test } from "vitest";
import { parseManifest } from "../config/load.ts";
import { chooseEnvironment } from "./project.ts";

const TEXT = "project: shop\nservices: { api: { start: node a.js } }\nenvironments:\n  local: { platform: local }\n";
const PREVIEW = "  preview: { platform: compose, hosts: [h1], per: branch }\n";

test("an environment is one of the manifest, not one of the language", () => {
  const manifest = parseManifest(TEXT);
  expect(chooseEnvironment(manifest, undefined)).toBe("local");
  expect(() => chooseEnvironment(manifest, "constructor")).toThrow(expect.objectContaining({ code: "SM-ENVIRONMENT" }));
});

test("what is copied for branches is no place to deploy to, wherever it is written", () => {
  const manifest = parseManifest(TEXT.replace("  local", `${PREVIEW}  local`));
  expect(chooseEnvironment(manifest, undefined)).toBe("local");
  expect(() => chooseEnvironment(manifest, "preview")).toThrow(expect.objectContaining({ code: "SM-ENVIRONMENT" }));
});
