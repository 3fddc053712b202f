// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import { expect, test } from "vitest";
import type { Verdict } from "../contract/check.ts";
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
  checks: { search: { service: "web", depends_on: ["index"] }, index: { depends_on: ["mail"] } },
};

function lookup(said: Record<string, Verdict>) {
  const verdicts = Object.entries(said).map(([id, verdict]) => ({ id, service: id.split("/")[1] ?? null, verdict }));
  const engine = { environment: "local", manifest, platform: {} } as unknown as Engine;
  const ask = needsLookup(engine, () => ({ verdicts: () => verdicts }) as unknown as Watch);
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
