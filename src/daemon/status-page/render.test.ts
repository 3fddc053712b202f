import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findProgram } from "../../../test/labs/missing.ts";
import { StatusPage } from "../../contract/status-page.ts";
import { isExpiring, leadingSymptom } from "../../incidents/classes.ts";
import { renderAtom } from "./atom.ts";
import { exportPage } from "./export.ts";
import { renderHtml } from "./html.ts";
import { publicIncident, type ToldIncident } from "./incidents.ts";
import { STYLE } from "./style.ts";
import { uptimeWords } from "./words.ts";

const AT = "2026-03-10T10:00:00.000Z";
const T = Date.parse(AT);
const NASTY = `<script>alert("1")</script> & ']]>`;

function told(change: Partial<ToldIncident> = {}): ToldIncident {
  const times = { openedAt: T, mitigatedAt: null, resolvedAt: null };
  const about = {
    id: "inc-1",
    severity: "SEV1" as const,
    state: "open" as const,
    services: ["Shop"],
    isInternal: false,
    isExpiring: false,
  };
  return { ...about, written: [], ...times, ...change };
}

function pageWith(text: string, url: string | null = "https://status.example.com/") {
  const incident = publicIncident(told({ services: [text], written: [{ at: T + 1, text }] }));
  return StatusPage.parse({
    ...{ title: text, url, generatedAt: AT, state: "outage" },
    services: [
      {
        name: text,
        state: "unknown",
        stale: true,
        uptime90d: null,
        days: [{ day: "2026-03-10", state: "unknown", uptime: null }],
      },
    ],
    incidents: [incident],
  });
}

test("what nobody wrote about is said in neutral words; what people wrote stands in their place", () => {
  const own = publicIncident(told({ state: "resolved", mitigatedAt: T + 60_000, resolvedAt: T + 120_000 }));
  expect(own).toMatchObject({ title: "Problem with Shop", state: "resolved" });
  expect(own?.updates.map(({ text }) => text)).toEqual([
    "The problem is over.",
    "Shop has recovered. We are watching that it stays so.",
    "Shop is not available for some or all users. We are looking into it.",
  ]);
  const written = publicIncident(told({ mitigatedAt: T + 60_000, written: [{ at: T + 5_000, text: "Sorry." }] }));
  expect(written?.updates.map(({ text }) => text)).toEqual([
    "Shop has recovered. We are watching that it stays so.",
    "Sorry.",
  ]);
});

const SHOP = { service: "shop", component: "tls" };

test("of a certificate that is about to end it is said that all works", () => {
  const expiring = publicIncident(told({ severity: "SEV2", isExpiring: true }));
  expect(expiring).toMatchObject({ title: "Certificate of Shop ends soon" });
  expect(expiring?.updates.map(({ text }) => text)).toEqual([
    "A certificate of Shop ends within days. Everything works, and we are renewing it.",
  ]);
  expect(isExpiring(leadingSymptom([{ class: "tls-expiring", detail: null, verdict: "DEGRADED" }], SHOP))).toBe(true);
  expect(isExpiring(leadingSymptom([{ class: "tls-expired", detail: null, verdict: "DOWN" }], SHOP))).toBe(false);
});

test("what a person ended is over, and what is said last stands first", () => {
  const ended = { state: "resolved" as const, mitigatedAt: T + 60_000, resolvedAt: T + 60_000 };
  const texts = publicIncident(told({ ...ended, written: [{ at: T, text: "Sorry." }] }))?.updates.map(
    ({ text }) => text,
  );
  expect(texts).toEqual(["The problem is over.", "Sorry."]);
});

test("small matters and those of services that are not on the page are not told", () => {
  expect(publicIncident(told({ severity: "SEV3" }))).toBeNull();
  expect(publicIncident(told({ severity: "SEV3", written: [{ at: T, text: "Slow." }] }))).not.toBeNull();
  expect(publicIncident(told({ services: [] }))).toBeNull();
  expect(publicIncident(told({ isInternal: true }))).toBeNull();
});

test("texts are data in the page and in the feed", () => {
  const page = pageWith(NASTY);
  const html = renderHtml(page, { json: "status.json", atom: "status.atom" });
  expect(html).not.toContain("<script>");
  expect(html).toContain("Unknown (stale)");
  expect(html).toContain(`<time datetime="${AT}">2026-03-10 10:00 UTC</time>`);
  expect(html).not.toMatch(/\s(?:style|src|on\w+)=|<script/);
  for (const url of ["https://status.example.com/", null]) {
    const feed = renderAtom(pageWith(NASTY, url), "status.atom");
    expect(feed).not.toContain("<script>");
    if (!findProgram("python3")) continue;
    // A reader of XML gets the text back as HTML text.
    const code =
      "import sys,xml.etree.ElementTree as t;print(t.fromstring(sys.stdin.buffer.read()).find('.//{*}summary').text)";
    const read = spawnSync("python3", ["-c", code], { input: feed, encoding: "utf8" });
    expect(read.stdout, read.stderr).toContain("&lt;script&gt;alert(&quot;1&quot;)");
  }
});

test("an export replaces its files whole, and others may read them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-page-"));
  try {
    const inside = join(folder, "public");
    expect(await exportPage(pageWith("one"), inside)).toEqual(
      ["index.html", "status.json", "status.atom"].map((name) => join(inside, name)),
    );
    await exportPage(pageWith("two"), inside);
    expect(StatusPage.parse(JSON.parse(readFileSync(join(inside, "status.json"), "utf8"))).title).toBe("two");
    expect(readFileSync(join(inside, "index.html"), "utf8")).toContain("<h1>two</h1>");
    expect(statSync(join(inside, "index.html")).mode & 0o777).toBe(0o644);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** WCAG 2.2, 1.4.3. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, "$&$&") : hex;
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test("every colour of text stands out from its ground, by day and by night", () => {
  const schemes = [...STYLE.matchAll(/:root\{([^}]*)\}/g)].map(
    ([, text = ""]) =>
      new Map([...text.matchAll(/--(\w+):(#\w+)/g)].map(([, name = "", colour = ""]) => [name, colour])),
  );
  expect(schemes).toHaveLength(2);
  const shown = ["text", "faint", "operational", "degraded", "outage", "unknown"];
  for (const scheme of schemes)
    for (const name of shown)
      expect(contrast(scheme.get("ground") ?? "", scheme.get(name) ?? ""), name).toBeGreaterThanOrEqual(4.5);
});

test("a share is never rounded up to a whole", () => {
  expect([1, 0.99999, 0.5, null].map(uptimeWords)).toEqual([
    ...["100 % uptime", "99.99 % uptime", "50.00 % uptime", "no data"],
  ]);
});
