import { describe, expect, it } from "vitest";
import { memoryTree } from "../formats/tree.ts";
import { checkFiles } from "./check.ts";
import { RULES } from "./registry.ts";
import { sarifOf } from "./sarif.ts";

interface Log {
  version: string;
  runs: { tool: { driver: { rules: { id: string; help: { text: string } }[] } }; results: Result[] }[];
}
interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
  partialFingerprints: Record<string, string>;
  suppressions?: { kind: string; justification: string }[];
  fixes?: {
    artifactChanges: {
      replacements: { deletedRegion: { startLine: number; endColumn: number }; insertedContent: { text: string } }[];
    }[];
  }[];
}

async function logOf(files: Record<string, string>): Promise<Log["runs"][number]> {
  const tree = memoryTree(files);
  const findings = await checkFiles({ tree, today: "2026-11-22" });
  const log = JSON.parse(JSON.stringify(sarifOf(findings, { tree, version: "0.1.0" }))) as Log;
  expect(log.version).toBe("2.1.0");
  return log.runs[0] as Log["runs"][number];
}
const prints = (run: Log["runs"][number]) =>
  run.results.map(({ ruleId, partialFingerprints }) => [ruleId, partialFingerprints["stationmaster/v1"]]);

describe("SARIF", () => {
  it("names each rule once with help, and each result its rule", async () => {
    const { tool, results } = await logOf({ "a b/Dockerfile#1": "FROM node\n", "a b/Dockerfile": "FROM node\nFROB\n" });
    const { rules } = tool.driver;
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThanOrEqual(RULES.length);
    expect(rules.every(({ help }) => help.text.length > 20)).toBe(true);
    for (const { ruleId, ruleIndex, level, locations } of results) {
      expect(rules[ruleIndex]?.id).toBe(ruleId);
      expect(["error", "warning", "note"]).toContain(level);
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe("a%20b/Dockerfile");
      expect(locations[0]?.physicalLocation.region.startLine).toBeGreaterThan(0);
    }
    expect(results.map(({ ruleId }) => ruleId)).toContain("dockerfile-syntax");
  });

  it("keeps fingerprints where lines move, and tells equal ones apart", async () => {
    const body = "ADD a b\nADD a b\nUSER 1\n";
    const before = prints(await logOf({ Dockerfile: `FROM node:22\n${body}` }));
    const after = prints(await logOf({ Dockerfile: `# moved\n\nFROM node:22\nRUN x\n${body}` }));
    expect(after).toEqual(before);
    expect(new Set(before.map(String)).size).toBe(before.length);
  });

  it("says why something is suppressed, and how to mend the rest", async () => {
    const { results } = await logOf({
      Dockerfile: "FROM node:22\n# stationmaster-ignore SM02: port 80\nUSER root\nCMD node a.js\n",
    });
    expect(results.find(({ ruleId }) => ruleId === "SM02")?.suppressions).toEqual([
      { kind: "inSource", status: "accepted", justification: "port 80" },
    ]);
    const [change] = results.find(({ ruleId }) => ruleId === "SM05")?.fixes?.[0]?.artifactChanges ?? [];
    expect(change?.replacements[0]).toMatchObject({
      deletedRegion: { startLine: 4, endColumn: 14 },
      insertedContent: { text: 'CMD ["node", "a.js"]' },
    });
  });

  it("has nothing of a secret in it, not even a hash of its line", async () => {
    const value = ["q7Zp", "L2vX", "9tRw", "K4mN", "8sYb", "D3fG"].join("");
    const [a, b] = await Promise.all(
      [value, [...value].reverse().join("")].map((secret) => logOf({ ".npmrc": `secret = ${secret}\n` })),
    );
    expect(JSON.stringify(a)).not.toContain(value);
    expect(a && prints(a)).toHaveLength(1);
    expect(a && prints(a)).toEqual(b && prints(b));
  });
});
