import { join } from "node:path";
import { expect, test } from "vitest";
import { loadManifest } from "../../src/config/load.ts";

test("the manifest is valid and needs nothing set", () => {
  const { services, stores, environments, checks, remedies, notify } = loadManifest(
    join(import.meta.dirname, "stationmaster.yaml"),
  );
  expect(Object.keys(services)).toEqual(["api", "web", "worker"]);
  expect(JSON.stringify([services, stores, environments, checks, remedies, notify])).not.toContain("${secret:");
});
