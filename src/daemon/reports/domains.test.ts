import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { service } from "../../../test/lab/lab.ts";
import { startRegistry } from "../../audit/domains/testing.ts";
import { systemClock } from "../../core/clock.ts";
import { type DeployLab, openDeployLab } from "../../deploy/testing.ts";
import { putDomainEnd } from "../../store/domains.ts";
import { domainEnd } from "../../store/tables/domains.ts";
import { lookAtDomains } from "./domains.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DAY_MS = 24 * 3_600_000;
const END = "2027-05-01T12:00:00.000Z";

let lab: DeployLab;
let registry: Awaited<ReturnType<typeof startRegistry>>;
beforeAll(async () => {
  registry = await startRegistry({ "shop.com": END, "silent.net": null });
  lab = await openDeployLab(manifestWith(registry.list));
});
afterAll(async () => {
  await lab.close();
  await registry.stop();
});

function manifestWith(rdap: string | false) {
  const checks = {
    front: { url: "https://www.shop.com/health" },
    certificate: { tls: "shop.com:443" },
    mail: { tcp: "mail.silent.net:25" },
    name: { dns: "unknown.net" },
    "sign-in": { steps: [{ get: "https://api.shop.com/login" }] },
    inside: { url: "http://127.0.0.1:9/health" },
    elsewhere: { url: "https://shop.nowhere/" },
  };
  return { services: { app: service() }, manifest: { reports: { rdap }, checks } };
}

const engineAt = (now: number) => ({
  ...lab.engine,
  manifest: lab.engine.manifest,
  clock: { ...systemClock, now: () => now },
});
const why = (unmeasured: { what: string; why: string }[]) =>
  unmeasured.map(({ what, why }) => `${what}: ${why}`).sort();

test("each watched public domain has its end, asked of its registry once a day", async () => {
  const now = Date.now();
  const found = await lookAtDomains(engineAt(now));
  expect(found.domains).toEqual([
    { domain: "silent.net", names: ["mail.silent.net"], endsAt: null },
    { domain: "shop.com", names: ["api.shop.com", "shop.com", "www.shop.com"], endsAt: END },
  ]);
  expect(why(found.unmeasured)).toEqual([
    "end of the domain shop.nowhere: its registry has no RDAP server",
    "end of the domain silent.net: its registry does not say",
    "end of the domain unknown.net: its registry knows no part of it",
  ]);
  const asked = registry.asked.length;
  expect((await lookAtDomains(engineAt(now + DAY_MS / 2))).domains).toHaveLength(2);
  const again = registry.asked.slice(asked);
  expect(again.filter((url) => url.includes("shop.com"))).toEqual([]);
  await lookAtDomains(engineAt(now + 2 * DAY_MS));
  expect(registry.asked.slice(asked).filter((url) => url.endsWith("/shop.com"))).not.toEqual([]);
});

test("what is known of names that nobody watches any more goes", async () => {
  const now = Date.now() + 5 * DAY_MS;
  const kept = () => lab.engine.store.db.select().from(domainEnd);
  await putDomainEnd(lab.engine.store.db, {
    ...{ name: "old.com", domain: "old.com", endsAt: null, askedAt: new Date(now - 2 * DAY_MS) },
  });
  expect((await kept()).map(({ name }) => name)).toContain("old.com");
  await lookAtDomains(engineAt(now));
  expect((await kept()).map(({ name }) => name).sort()).toEqual([
    ...["api.shop.com", "mail.silent.net", "shop.com", "unknown.net", "www.shop.com"],
  ]);
});

test("without a network nothing is claimed, and nobody is asked where the manifest says so", async () => {
  const later = Date.now() + 10 * DAY_MS;
  registry.faults.push({ status: 503 });
  const away = await lookAtDomains(engineAt(later));
  expect(away.domains).toEqual([]);
  expect(why(away.unmeasured)).toContainEqual(expect.stringMatching(/^end of the domain shop\.com: .*answered 503$/));
  lab.manifest(manifestWith(false));
  lab.engine.adopt(lab.engine.read());
  const asked = registry.asked.length;
  const off = await lookAtDomains(engineAt(later));
  expect(off.domains).toEqual([]);
  expect(off.unmeasured[0]?.why).toBe("reports.rdap is false");
  expect(registry.asked.length).toBe(asked);
});
