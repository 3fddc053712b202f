import { afterEach, expect, test, vi } from "vitest";
import { until } from "../../test/lab/until.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { startReceiver } from "../notify/testing.ts";
import { freePort } from "../platforms/local/ports.ts";
import { createParts, type Parts } from "./parts.ts";
import { createCheckRenewal } from "./upkeep.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const BASE = "https://ops.example.com";
const RUNBOOK = "https://wiki.example.com/queue";
let lab: DeployLab;
let parts: Parts;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
afterEach(async () => {
  await parts.watch.stop();
  await parts.incidents.close();
  await parts.outbox?.stop();
  await lab.close();
  await receiver.stop();
});

test("a call leads to the incident and to the runbook of the check that failed, one of another check does not", async () => {
  receiver = await startReceiver();
  const tcp = `127.0.0.1:${await freePort(new Set())}`;
  const check = { tcp, every: "1s", critical: true };
  lab = await openDeployLab({
    manifest: {
      checks: { queue: { ...check, runbook: RUNBOOK }, other: check },
      notify: { ops: { kind: "webhook", url: receiver.url } },
    },
  });
  parts = await createParts(lab.engine, { baseUrl: () => BASE, print: () => {}, report: () => {} });
  await createCheckRenewal(lab.engine, parts).renew();
  parts.watch.start();
  parts.outbox?.start();
  const opened = await until("both calls", () => {
    const all = receiver.messages().filter(({ kind }) => kind === "opened");
    return all.length === 2 && all;
  });
  const links = Object.fromEntries(
    opened.map(({ incident, links: pages }) => [incident.failedChecks[0], pages.map(({ url }) => url)]),
  );
  const page = (name: string) =>
    `${BASE}/incidents/${opened.find(({ incident }) => incident.failedChecks.includes(name))?.incident.id}`;
  expect(links).toEqual({
    "local/check/queue": [page("local/check/queue"), RUNBOOK],
    "local/check/other": [page("local/check/other")],
  });
  const shown = await Promise.all(opened.map(async ({ incident: { id } }) => await parts.incidents.get(id)));
  const runbooks = Object.fromEntries(shown.map((found) => [found?.failedChecks[0], found?.runbooks]));
  expect(runbooks).toEqual({ "local/check/queue": [RUNBOOK], "local/check/other": undefined });
});
