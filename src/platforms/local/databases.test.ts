import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processesOf } from "../../../test/lab/processes.ts";
import { createDatabases } from "./databases.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-databases-"));
  chmodSync(root, 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("none is started once they are being stopped, and one that is just starting ends too", async () => {
  const databases = createDatabases({ stateDir: root });
  const starting = databases.ensure("main").catch(() => {});
  await databases.stopAll();
  await starting;
  await expect(databases.ensure("main")).rejects.toMatchObject({ code: "SM-DATABASES-STOPPING" });
  expect(processesOf(root)).toEqual([]);
});
