import { describe, expect, test } from "vitest";
import type { GenerateTarget } from "../../contract/generate.ts";
import { memoryFiles } from "../../scan/files.ts";
import { scan } from "../../scan/scan.ts";
import { loadPrices, type Prices } from "./prices.ts";
import { type Candidate, recommend } from "./recommend.ts";
import type { Criterion } from "./score.ts";
import { EXPRESS, type Files, manifest, NEXT, PAGES, spec, TODAY } from "./testing.ts";

const compare = (files: Files, { prices = loadPrices(), today = TODAY } = {}) =>
  recommend(scan(memoryFiles(files)), prices, today);
function of(target: GenerateTarget, files: Files): Candidate {
  const found = compare(files).candidates.find((one) => one.target === target);
  if (!found) throw new Error(`${target} is not compared`);
  return found;
}
const cell = (target: GenerateTarget, criterion: Criterion, files: Files) =>
  of(target, files).cells.find((one) => one.criterion === criterion);

describe("what rules a platform out, with the fact that shows it", () => {
  test.each<[string, GenerateTarget, Files, RegExp, RegExp]>([
    [
      ...(["a socket", "vercel"] as const),
      {
        ...EXPRESS,
        "package.json": manifest({ dependencies: { ws: "8.0.0" } }),
        "server.js": `${EXPRESS["server.js"]}const { WebSocketServer } = require("ws");\nnew WebSocketServer({ port: 8080 });\n`,
      },
      ...([/keeps connections open/, /^(?:server\.js|package\.json):\d+$/] as const),
    ],
    [
      "live updates that are asked for",
      "vercel",
      { ...NEXT, ...spec("- Live updates of prices") },
      /open/,
      /spec\.md:4/,
    ],
    [
      ...(["a worker", "vercel", { ...EXPRESS, Procfile: "web: node server.js\nworker: node worker.js\n" }] as const),
      ...([/works without requests/, /^Procfile:2$/] as const),
    ],
    [
      "a database in a file",
      "gcp",
      {
        ...EXPRESS,
        "package.json": manifest({ dependencies: { "better-sqlite3": "11.0.0" } }),
        "server.js": `${EXPRESS["server.js"]}const Database = require("better-sqlite3");\nconst db = new Database("data/app.db");\n`,
      },
      /database on disk/,
      /^server\.js:5$/,
    ],
    [
      "migrations without a step for them",
      "vercel",
      {
        ...NEXT,
        "package.json": JSON.stringify({
          ...JSON.parse(NEXT["package.json"] ?? ""),
          dependencies: { next: "15.0.0", react: "19.0.0", "@prisma/client": "6.0.0", prisma: "6.0.0" },
        }),
        "prisma/schema.prisma":
          'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\ngenerator client {\n  provider = "prisma-client-js"\n}\n',
        "prisma/migrations/1_init/migration.sql": "select 1;",
      },
      /has migrations/,
      /^(?:prisma|package)/,
    ],
    [
      "a language that functions do not run",
      "vercel",
      {
        "composer.json": '{ "require": { "php": "^8.3", "slim/slim": "^4.0" } }',
        "composer.lock": "{}",
        "public/index.php":
          "<?php\nrequire '../vendor/autoload.php';\n$app = Slim\\Factory\\AppFactory::create();\n$app->run();\n",
      },
      /language/,
      /^(?:composer\.json|public\/index\.php):\d+$/,
    ],
    ["a country without a region", "railway", { ...EXPRESS, ...spec("- Region: Germany") }, /no region in de/, /:4$/],
    ["a region of a cloud elsewhere", "railway", { ...EXPRESS, ...spec("- Region: sa-east-1") }, /no region/, /:4$/],
    [
      "the budget",
      "aws",
      { ...EXPRESS, ...spec("- Budget: $25 per month") },
      /at least, and the budget is \$25/,
      /:4$/,
    ],
    ["hosts of their own", "railway", { ...EXPRESS, ...spec("- It must be self-hosted") }, /hosts of its own/, /:4$/],
    ["a refusal", "kubernetes", { ...EXPRESS, ...spec("- Deployment without Kubernetes") }, /not to be used/, /:4$/],
  ])("%s: not %s", (_, target, files, reason, at) => {
    const { disqualified } = of(target, files);
    expect(disqualified.map((one) => one.reason).join("\n")).toMatch(reason);
    expect(disqualified.find((one) => reason.test(one.reason))?.at).toMatch(at);
    expect(compare(files).best).not.toBe(target);
  });

  test.each<[string, GenerateTarget, Files]>([
    ["an application like most", "railway", EXPRESS],
    ["pages", "vercel", PAGES],
    ["a framework that it is made for", "vercel", NEXT],
    ["Europe", "railway", { ...EXPRESS, ...spec("- Region: EU, eu-west-1") }],
    ["a large budget", "aws", { ...EXPRESS, ...spec("- Budget: $2,500 per month") }],
    ["a budget in another currency", "aws", { ...EXPRESS, ...spec("- Budget: 25 EUR per month") }],
    ["hosts of their own", "compose", { ...EXPRESS, ...spec("- It must be self-hosted") }],
  ])("%s: nothing against %s", (_, target, files) => {
    expect(of(target, files).disqualified).toEqual([]);
  });
});

describe("points", () => {
  test("each cell has its reason, and all of them make at most 100", () => {
    for (const files of [EXPRESS, PAGES, NEXT])
      for (const { cells, score } of compare(files).candidates) {
        expect(cells.map(({ criterion }) => criterion)).toEqual([
          ...["fit", "cost", "effort", "releases", "data", "scaling", "regions", "portability"],
        ]);
        for (const { points, most, reason } of cells) {
          expect(points).toBeGreaterThanOrEqual(0);
          expect(points).toBeLessThanOrEqual(most);
          expect(reason).toMatch(/\w/);
        }
        expect(score).toBe(cells.reduce((sum, { points }) => sum + points, 0));
        expect(cells.reduce((sum, { most }) => sum + most, 0)).toBeGreaterThanOrEqual(98);
        expect(cells.reduce((sum, { most }) => sum + most, 0)).toBeLessThanOrEqual(102);
      }
  });

  test.each<[string, Criterion]>([
    ["- GDPR applies", "regions"],
    ["- Region: EU", "regions"],
    ["- 400 requests per second", "scaling"],
    ["- up to 5k concurrent users", "scaling"],
    ["- Autoscaling on load", "scaling"],
    ["- Zero-downtime deployments", "releases"],
    ["- Availability: 99.99 %", "releases"],
    ["- Budget: $200 per month", "cost"],
  ])("%s: %s counts more, and says where it is written", (line, criterion) => {
    const files = { ...EXPRESS, ...spec(line) };
    const before = cell("aws", criterion, EXPRESS)?.most ?? 0;
    expect(cell("aws", criterion, files)?.most).toBeGreaterThan(before);
    expect(compare(files).moves).toContainEqual({
      ...{ criterion, by: 10, because: expect.stringMatching(/\(SPEC-1\/spec\.md:4\)$/) },
    });
  });

  test.each(["- 5 requests per second", "- 300 users", "- Availability: 99 %"])("%s: nothing counts more", (line) => {
    expect(compare({ ...EXPRESS, ...spec(line) }).moves.filter(({ by }) => by > 0)).toEqual([]);
  });

  test("files that must stay cost points where they need a volume", () => {
    const files = { ...EXPRESS, "server.js": `${EXPRESS["server.js"]}const upload = multer({ dest: "uploads/" });\n` };
    const more = { ...files, "package.json": manifest({ dependencies: { multer: "2.0.0" } }) };
    expect(cell("railway", "fit", more)).toMatchObject({ reason: expect.stringMatching(/volume \(server\.js:4\)/) });
    expect(cell("railway", "fit", more)?.points).toBeLessThan(cell("railway", "fit", EXPRESS)?.points ?? 0);
  });
});

describe("the decision", () => {
  test("pages go where pages are served", () => {
    expect(compare(PAGES)).toMatchObject({ best: "vercel", inUse: null });
  });

  test("best first, those that are ruled out last; a lead under five is a tie", () => {
    for (const files of [EXPRESS, PAGES, NEXT, { ...EXPRESS, ...spec("- Region: Germany") }]) {
      const { candidates, tie } = compare(files);
      const possible = candidates.filter(({ disqualified }) => disqualified.length === 0);
      expect(candidates.slice(0, possible.length)).toEqual(possible);
      expect(possible.map(({ score }) => score)).toEqual(possible.map(({ score }) => score).sort((a, b) => b - a));
      expect(tie).toBe((possible[0]?.score ?? 0) - (possible[1]?.score ?? 0) < 5);
    }
  });

  test("what is in use stays, whatever the points say, unless it is ruled out", () => {
    const railway = { ...PAGES, "railway.json": '{ "build": { "builder": "DOCKERFILE" } }' };
    expect(compare(railway)).toMatchObject({ best: "railway", tie: false, inUse: { target: "railway" } });
    const refused = { ...EXPRESS, "vercel.json": "{}", Procfile: "web: node server.js\nworker: node worker.js\n" };
    expect(compare(refused)).toMatchObject({ inUse: null });
    expect(compare(refused).best).not.toBe("vercel");
  });

  test("what the requirements name goes before the points; a compose file decides nothing", () => {
    expect(compare({ ...EXPRESS, ...spec("- Platform: Cloud Run") })).toMatchObject({ best: "gcp", tie: false });
    expect(compare({ ...EXPRESS, "compose.yaml": "services:\n  db:\n    image: postgres:16\n" }).inUse).toBeNull();
  });

  test.each<[string, Files]>([
    ["an empty repository", {}],
    ["broken manifests", { "package.json": "{", "go.mod": "???" }],
  ])("%s: an answer, no crash", (_, files) => {
    const { candidates, best } = compare(files);
    expect(candidates).toHaveLength(7);
    expect(best).not.toBeNull();
  });
});

describe("costs", () => {
  test("a range with what it assumes, or none; never nothing", () => {
    const { candidates } = compare(EXPRESS);
    for (const { cost, cells } of candidates) {
      const reason = cells.find(({ criterion }) => criterion === "cost")?.reason;
      if (!cost) expect(reason).toBe("no dated price");
      else {
        expect(cost.low).toBeGreaterThan(0);
        expect(cost.high).toBeGreaterThan(cost.low);
        expect(cost.assumptions.length).toBeGreaterThan(1);
        expect(reason).toBe(`$${cost.low} to $${cost.high} a month`);
      }
    }
    expect(candidates.filter(({ cost }) => cost).length).toBeGreaterThan(2);
    expect(candidates.filter(({ cost }) => !cost).map(({ target }) => target)).toContain("compose");
  });

  test("more services and stores cost more", () => {
    const two = {
      ...EXPRESS,
      "package.json": manifest({ dependencies: { pg: "8.0.0" } }),
      "server.js": `${EXPRESS["server.js"]}const pool = new (require("pg").Pool)({ connectionString: process.env.DATABASE_URL });\n`,
    };
    for (const target of ["railway", "aws"] as const)
      expect(of(target, two).cost?.high).toBeGreaterThan(of(target, EXPRESS).cost?.high ?? Number.POSITIVE_INFINITY);
  });

  test("a price without a row leaves the estimate out", () => {
    const rows = loadPrices().rows.filter(({ id }) => id !== "aws.nat-month");
    const prices: Prices = { ...loadPrices(), rows };
    expect(compare(EXPRESS, { prices }).candidates.find(({ target }) => target === "aws")?.cost).toBeNull();
  });

  test("each row has its source and its day; old ones are told after 180 days", () => {
    for (const { source, date } of loadPrices().rows) expect(`${source} ${date}`).toMatch(/^\S.*\d{4}-\d\d-\d\d$/);
    const { date } = loadPrices();
    const count = (today: string) => /(\d+) of its prices/.exec(compare(EXPRESS, { today }).pricesNote)?.[1];
    expect(compare(EXPRESS, { today: "2026-09-01" }).pricesNote).toContain(`estimate, table of ${date}`);
    expect(count("2026-07-01")).toBeUndefined();
    expect(Number(count("2027-12-31"))).toBe(loadPrices().rows.length);
  });

  test("a budget in another currency is not compared, and said so", () => {
    const { pricesNote, moves } = compare({ ...EXPRESS, ...spec("- Budget: 25 EUR per month") });
    expect(pricesNote).toContain("the budget in EUR (SPEC-1/spec.md:4) is not compared");
    expect(moves.filter(({ criterion }) => criterion === "cost")).toEqual([]);
  });
});
