// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import { expect, test } from "vitest";
import type { Verdict } from "../contract/check.ts";
import type { Silences } from "../incidents/silences/silences.ts";
import type { Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import { needsLookup } from "./needs.ts";

const manifest = {
  project: "shop",
  services: {
    web: { depends_on: ["api"], env: {} },
    api: { depends_on: [], env: { DATABASE_URL: "${store:db}" } },
    mail: { depends_on: [], env: {} },
  },
  stores: { db: {} },
  checks: {
    search: { service: "web", url: "x", depends_on: ["index"] },
    index: { depends_on: ["mail"] },
    items: { service: "api", url: "x", critical: true },
    ledger: { service: "api", url: "x", impact: "data", depends_on: ["mail"] },
    pay: { service: "api", steps: [], depends_on: ["mail"] },
    login: { service: "api", steps: [] },
    smtp: { service: "mail", tcp: "x", critical: false },
    send: { service: "mail", url: "x", critical: true },
  },
};

function lookup(said: Record<string, Verdict>, silenced: readonly string[] = [], grave = ["local/check/send"]) {
  const verdicts = Object.entries({ ...Object.fromEntries(grave.map((id) => [id, "DOWN"])), ...said }).map(
    ([id, verdict]) => {
      const service = id.split("/")[1] ?? null;
      const type = id.endsWith("/pay") ? "steps" : "http";
      return { id, type, service, verdict, critical: grave.includes(id) || /\/(api|store|web)\//.test(id) };
    },
  );
  const engine = { environment: "local", manifest, platform: {}, clock: { now: () => 0 } } as unknown as Engine;
  // One of them holds for small matters only.
  const holdsFor: Silences["holdsFor"] = ({ checks: [id = ""] }) =>
    id === "local/mail/health" ? [{ by: "sil-2", severity: "SEV3" }] : silenced.includes(id) ? [{ by: "sil-1" }] : [];
  const silences = { holdsFor, inMaintenance: (id: string) => id === "local/store/db" };
  const ask = needsLookup(engine, () => ({ verdicts: () => verdicts }) as unknown as Watch, silences);
  return async (service: string | null, check: string) =>
    await ask({ service, checks: [`local/${check}`] }, AbortSignal.timeout(1_000));
}

test.each<[string, Record<string, Verdict>, string[]]>([
  ["nothing", { "local/api/health": "UP", "local/store/db": "UP" }, []],
  ["the service it needs", { "local/api/health": "DOWN", "local/store/db": "DOWN" }, ["api"]],
  ["nothing, where the service between is well", { "local/api/health": "UP", "local/store/db": "DOWN" }, []],
  ["what is behind a service that is not watched", { "local/store/db": "SUSPECT" }, ["db"]],
])("a failure of web is explained by %s", async (_, said, failing) => {
  expect(await lookup(said)("web", "web/health")).toEqual({ all: ["api", "db"], failing });
});

test("a check is explained by the checks it names, and by what its service needs", async () => {
  const ask = lookup({ "local/check/index": "DOWN", "local/api/health": "DOWN", "local/mail/health": "DOWN" });
  expect(await ask("web", "check/search")).toEqual({ all: ["index", "api", "mail", "db"], failing: ["index", "api"] });
  expect(await ask(null, "check/index")).toEqual({ all: ["mail"], failing: ["mail"] });
});

const API = { "local/api/health@h1": "DOWN", "local/api/health@h2": "DOWN" } as const;
const MAIL = { "local/mail/process": "SUSPECT" } as const;

test.each<[string, Record<string, Verdict>, string, string[]]>([
  ["items", API, "api", ["api"]],
  ["items", { ...API, "local/store/db": "DOWN" }, "api", ["api", "db"]],
  ["items", { ...API, "local/api/health@h2": "UP" }, "api", []],
  ["items", { "local/check/items": "DOWN" }, "api", []],
  ["ledger", API, "api", []],
  ["login", API, "api", []],
  ["smtp", MAIL, "mail", ["mail"]],
  ["send", MAIL, "mail", []],
])(
  "a failure of the check %s while %j is explained by its own service where that fails everywhere and is as grave",
  async (check, said, service, failing) => {
    expect((await lookup(said)(service, `check/${check}`)).failing).toEqual(failing);
  },
);

test("what is silenced explains nothing, unless it is in maintenance", async () => {
  const api = { "local/api/health": "DOWN" } as const;
  const both = { ...api, "local/store/db": "DOWN" } as const;
  expect((await lookup(api, ["local/api/health"])("web", "web/health")).failing).toEqual([]);
  expect((await lookup(both, ["local/api/health"])("web", "web/health")).failing).toEqual(["db"]);
  expect((await lookup(both, ["local/store/db"])("api", "api/health")).failing).toEqual(["db"]);
});

test("a silence of small matters takes no explanation away", async () => {
  const said = { "local/mail/health": "DOWN" } as const;
  expect((await lookup(said, ["local/mail/health"])(null, "check/index")).failing).toEqual(["mail"]);
});

test("a sign-in and what has an impact are as grave as what is critical", async () => {
  const said = { "local/mail/health": "DOWN", "local/check/ledger": "DOWN", "local/check/pay": "DOWN" } as const;
  for (const name of ["check/ledger", "check/pay"])
    expect((await lookup(said, [], [])("api", name)).failing).toEqual([]);
});

test("what is no grave matter itself does not explain one that is", async () => {
  const said = { "local/mail/health": "DOWN", "local/check/index": "DOWN", "local/api/health": "UP" } as const;
  expect((await lookup(said)("web", "check/search")).failing).toEqual(["index"]);
  expect(
    (await lookup({ ...said, "local/check/search": "DOWN" }, [], ["local/check/search"])("web", "check/search"))
      .failing,
  ).toEqual([]);
});

test("a service of which nobody hears explains nothing", async () => {
  const said = { "local/api/health": "DOWN" } as const;
  expect((await lookup(said, ["local/api/health"])("api", "check/items")).failing).toEqual([]);
  expect((await lookup(said, ["local/api/process"])("api", "check/items")).failing).toEqual(["api"]);
});
