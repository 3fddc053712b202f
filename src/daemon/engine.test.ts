import { expect, test } from "vitest";
import { parseManifest } from "../config/load.ts";
import { chooseEnvironment } from "./engine.ts";

const TEXT = "project: shop\nservices: { api: { start: node a.js } }\nenvironments: { local: { platform: local } }\n";

test("an environment is one of the manifest, not one of the language", () => {
  const manifest = { ...parseManifest(TEXT), file: "/shop/m.yaml", root: "/shop" };
  expect(chooseEnvironment(manifest, undefined)).toBe("local");
  expect(() => chooseEnvironment(manifest, "constructor")).toThrow(expect.objectContaining({ code: "SM-ENVIRONMENT" }));
});
