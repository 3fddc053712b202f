import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { service } from "../../test/lab/lab.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { examine } from "./doctor.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let lab: DeployLab;
afterEach(() => lab.close());

const REDIS = "redis://127.0.0.1:1/0";

async function finding(name: string) {
  const { checks } = await examine(lab.engine, { running: false, pid: null, url: null, startedAt: null });
  return checks.find((item) => item.name === name);
}

test("a secret of a store is needed as one of a service is, also when it went away since the start", async () => {
  lab = await openDeployLab({
    services: { app: service({ depends_on: ["cache"] }) },
    manifest: { stores: { cache: { kind: "redis", url: "${secret:LAB_REDIS_URL}" } } },
  });
  expect(await finding("secrets")).toMatchObject({
    state: "failed",
    detail: "the secret LAB_REDIS_URL is not set (used in stores.cache)",
  });
  lab.write(".env", `LAB_REDIS_URL=${REDIS}\n`);
  expect(await finding("secrets")).toMatchObject({ state: "ok", detail: "1 needed by services and stores, all set" });
  lab.engine.adopt(lab.engine.read());
  rmSync(join(lab.root, ".env"));
  expect(await finding("secrets")).toMatchObject({ state: "failed" });
});
