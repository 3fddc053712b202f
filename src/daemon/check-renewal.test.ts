import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { until } from "../../test/lab/until.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { freePort } from "../platforms/local/ports.ts";
import { checkFindings } from "./check-findings.ts";
import { createParts, type Parts } from "./parts.ts";
import { createCheckRenewal } from "./upkeep.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const HOME = "local/check/home";
let lab: DeployLab;
let parts: Parts;
beforeAll(async () => {
  vi.stubEnv("LAB_KEY", "key-of-the-lab");
  const nobody = await freePort(new Set());
  const checks = {
    home: { url: `http://127.0.0.1:${nobody}/?key=\${secret:LAB_KEY}`, every: "1s", timeout: "500ms" },
  };
  lab = await openDeployLab({ manifest: { checks } });
  await lab.ship();
  parts = await createParts(lab.engine, { baseUrl: () => null, print: () => {}, report: () => {} });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await parts.watch.stop();
  await parts.incidents.close();
  await lab.close();
});

test("a check that cannot be made for a moment says why, keeps its incident, and is made anew when it can be", async () => {
  const { watch, incidents } = parts;
  const renewal = createCheckRenewal(lab.engine, parts);
  const home = async () => (await watch.list()).find(({ id }) => id === HOME);
  const open = async () => (await incidents.list()).filter(({ state }) => state === "open");
  await renewal.renew();
  watch.start();
  await until("an incident", async () => (await open()).length > 0);
  const [before] = await open();
  expect(await incidents.get(before?.id ?? "")).toMatchObject({ failedChecks: [HOME] });
  expect(await checkFindings(lab.engine)).toEqual([]);

  vi.stubEnv("LAB_KEY", undefined);
  await renewal.renew();
  await until("a run that says why", async () => (await home())?.lastResult?.outcome === "unknown");
  expect(await home()).toMatchObject({
    lastResult: { class: "prober", detail: expect.stringContaining("the secret LAB_KEY is not set") },
  });
  expect((await open()).map(({ id }) => id)).toContain(before?.id);
  expect(await checkFindings(lab.engine)).toMatchObject([
    { name: `check ${HOME}`, state: "warning", detail: expect.stringContaining("LAB_KEY") },
  ]);

  vi.stubEnv("LAB_KEY", "key-of-the-lab");
  await renewal.retry();
  await until("a run that asks", async () => (await home())?.lastResult?.outcome === "fail");
  expect((await open()).map(({ id }) => id)).toContain(before?.id);
  expect(await checkFindings(lab.engine)).toEqual([]);
});
