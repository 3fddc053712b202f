import { describe, expect, test } from "vitest";
import type { FileFinding, GenerateReport } from "../../../src/contract/generate.ts";
import type { Gap, ScanFact } from "../../../src/contract/scan.ts";
import { ownFacts } from "../../../src/contract/scan-words.ts";
import { changesInWords, findingsInWords, foldersOf, groupFacts, noteOf, openFindings } from "./repository.ts";

const fact = (confidence: number): ScanFact => ({
  ...{ value: "x", confidence, source: "code", evidence: [], alternatives: [] },
});
const finding = (given: Partial<FileFinding>): FileFinding => ({
  ...{ rule: "SM01", severity: "note", file: "a", line: 1, message: "m", fix: null, suppressed: null, ...given },
});

test("facts are shown as people ask, those of other services apart, the unsure and the many behind a line", () => {
  const facts = {
    "api.zeta": fact(0.9),
    "api.port": fact(0.5),
    "api.kind": fact(1),
    "api.test": fact(0.49),
    "api.env.A": fact(0.2),
    "api.env.B": fact(0.9),
    "api-admin.kind": fact(1),
  };
  const { used, unsure, many } = groupFacts(ownFacts("api", facts));
  expect(used.map(({ id }) => id)).toEqual(["kind", "port", "zeta"]);
  expect(unsure.map(({ id }) => id)).toEqual(["test"]);
  expect(many.map(({ label }) => label)).toEqual(["2 variables"]);
});

describe("the files of a run", () => {
  const row = (path: string, action: GenerateReport["files"][number]["action"]) => ({
    ...{ path, action, kind: "compose", sha256: "", why: "", notes: [] },
  });
  const report = {
    files: [
      row("b/new", "create"),
      row("z", "merge"),
      row("same", "merge"),
      row("gone", "delete"),
      row("b/a", "conflict"),
    ],
    findings: [finding({ file: "z" }), finding({ file: "z", suppressed: "so" })],
    ...{
      created: ["b/new"],
      modified: ["z"],
      deleted: ["gone"],
      proposed: ["b/a.proposed"],
      blocked: false,
      notes: [],
    },
  } as GenerateReport;

  test("stand by folder, the root first, with what becomes of each and what the rules say", () => {
    const folders = foldersOf(report).map(({ path, files }) => [path, files.map(({ name, state }) => [name, state])]);
    expect(folders).toEqual([
      [
        "",
        [
          ["gone", "goes"],
          ["same", "as it is"],
          ["z", "changes"],
        ],
      ],
      [
        "b",
        [
          ["a", "proposal"],
          ["new", "new"],
        ],
      ],
    ]);
    expect(foldersOf(report)[0]?.files.map(({ findings }) => findings.length)).toEqual([0, 0, 1]);
    expect(changesInWords(foldersOf(report))).toBe(
      "5 files: 1 new, 1 changed, 1 removed, 1 beside files of yours, 1 as they should be",
    );
  });
});

test("findings come with the worst first; suppressed ones only count", () => {
  const findings = [
    finding({ file: "b" }),
    finding({ file: "a", line: 9, severity: "error" }),
    finding({ file: "a", line: 2, severity: "error" }),
    finding({ suppressed: "why" }),
  ];
  expect(openFindings(findings).map(({ file, line }) => `${file}:${line}`)).toEqual(["a:2", "a:9", "b:1"]);
  expect(findingsInWords(findings)).toBe("2 errors, 1 note, 1 suppressed");
  expect(findingsInWords([])).toBe("");
});

test("a gap is a note with its place and its patch", () => {
  const gap: Gap = {
    ...{ id: "health", service: "api", to: "backend", title: "no health route", why: "Nobody knows." },
    evidence: [{ file: "a.ts", line: 3, col: 1, rule: "r", hash: "h" }],
    patch: { file: "a.ts", text: "get('/healthz')\n" },
  };
  expect(noteOf(gap)).toBe(
    "**api: no health route**\n\nNobody knows.\n\n- seen at `a.ts:3`\n\nIn `a.ts`:\n\n```\nget('/healthz')\n```\n",
  );
  expect(noteOf({ ...gap, evidence: [], patch: null })).toBe("**api: no health route**\n\nNobody knows.\n");
});
