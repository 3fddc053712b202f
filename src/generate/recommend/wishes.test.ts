import { describe, expect, test } from "vitest";
import type { GenerateTarget } from "../../contract/generate.ts";
import { memoryFiles } from "../../scan/files.ts";
import { scan } from "../../scan/scan.ts";
import { loadPrices } from "./prices.ts";
import { type Candidate, reasonOf, recommend } from "./recommend.ts";
import { EXPRESS, type Files, NEXT, PAGES, spec, TODAY } from "./testing.ts";

const compare = (files: Files) => recommend(scan(memoryFiles(files)), loadPrices(), TODAY);
function of(target: GenerateTarget, files: Files): Candidate {
  const found = compare(files).candidates.find((one) => one.target === target);
  if (!found) throw new Error(`${target} is not compared`);
  return found;
}
describe("what is in use or asked for", () => {
  test("a platform that is ruled out is named with the reason, once", () => {
    const worker = { ...EXPRESS, Procfile: "web: node server.js\nworker: node worker.js\n", "vercel.json": "{}" };
    const { passedOver, best, askedFor } = compare({ ...worker, ...spec("- Hosting: Vercel") });
    expect(best).not.toBe("vercel");
    expect(askedFor).toBeNull();
    expect(passedOver).toEqual([
      "vercel is in use (vercel.json) and asked for (SPEC-1/spec.md:4), but ruled out: shop worker works without requests, and only requests start something (Procfile:2)",
    ]);
  });
  test("a host that nothing is written for, and a wish that another one in use outweighs", () => {
    expect(compare({ ...EXPRESS, "render.yaml": "services: []\n" }).passedOver).toEqual([
      "render is in use (render.yaml), and no files are written for it",
    ]);
    const { passedOver, best } = compare({ ...EXPRESS, "railway.json": "{}", ...spec("- Cloud: Google Cloud only") });
    expect(best).toBe("railway");
    expect(passedOver.join("\n")).toMatch(/^gcp is asked for \(SPEC-1\/spec\.md:4\), and railway is in use/);
  });
  test("a wish goes before points, and the line is named", () => {
    const comparison = compare({ ...EXPRESS, ...spec("- Cloud: Google Cloud only") });
    expect(comparison).toMatchObject({ best: "gcp", askedFor: { target: "gcp", at: "SPEC-1/spec.md:4" } });
    expect(reasonOf(comparison)).toBe("asked for in the requirements: SPEC-1/spec.md:4");
  });
});

test("replicas and data that are asked for are what is counted", () => {
  const plain = of("railway", EXPRESS).cost;
  const { cost } = { cost: of("railway", { ...EXPRESS, ...spec("- 4 to 20 instances") }).cost };
  expect(cost?.low).toBeGreaterThanOrEqual(plain?.low ?? 0);
  expect(cost?.high).toBeGreaterThan((plain?.high ?? 0) * 5);
  expect(cost?.assumptions.join("\n")).toContain("4 to 20 of each service as SPEC-1/spec.md:4 asks");
});

test("a path that the clock of a platform asks is a request as any other", () => {
  const files = { ...NEXT, "vercel.json": '{ "crons": [{ "path": "/api/clean", "schedule": "0 5 * * *" }] }' };
  expect(of("vercel", files).disqualified).toEqual([]);
});

test("pages alone on hosts of their own need no cluster", () => {
  const { candidates } = compare({ ...PAGES, ...spec("- It must be self-hosted") });
  expect(candidates.filter(({ disqualified }) => disqualified.length === 0).map(({ target }) => target)).toEqual([
    "compose",
    "kubernetes",
  ]);
});

test.each<[string, GenerateTarget[]]>([
  ["Region: Germany", ["railway"]],
  ["Region: EU (Frankfurt)", ["railway"]],
  ["Region: Austria", ["railway", "vercel", "aws", "gcp"]],
  ["Servers in France or the Netherlands", []],
  ["Region: South Africa", ["railway"]],
])("%s: the platforms without a region there", (line, without) => {
  const { candidates } = compare({ ...EXPRESS, ...spec(`- ${line}`) });
  const found = candidates.filter(({ disqualified }) => disqualified.some(({ reason }) => /no region/.test(reason)));
  expect(found.map(({ target }) => target).sort()).toEqual(without.toSorted());
});
