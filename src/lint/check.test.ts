import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { memoryTree, type Tree } from "../formats/tree.ts";
import { checkFiles } from "./check.ts";
import { kindOf, mayHaveKind } from "./kinds.ts";
import { RULES } from "./registry.ts";
import type { Suppression } from "./suppressions.ts";
import { VALIDATORS } from "./validators/registry.ts";

const TODAY = "2026-11-22";
const check = (files: Record<string, string>, suppressions: Suppression[] = []) =>
  checkFiles({ tree: memoryTree(files), today: TODAY, suppressions });
const ROOT = "FROM node:22\nUSER root\n";

describe("kinds of files", () => {
  const rows: [path: string, text: string, kind: string | undefined][] = [
    ["Dockerfile", "", "dockerfile"],
    ["api.Dockerfile", "# x\n\nARG A=1\nFROM a", "dockerfile"],
    ["Dockerfile.go", "FROM golang:1.22", "dockerfile"],
    ["docker/Dockerfile-web", "FROM a", "dockerfile"],
    ["Containerfile", "FROM a", "dockerfile"],
    ["dockerfile.go", "package dockerfile", undefined],
    ["Dockerfile.md", "# Dockerfile\nwrite FROM first", undefined],
    ["Dockerfile.j2", "FROM {{ image }}", undefined],
    ["Dockerfile.dockerignore", "x", "dockerignore"],
    ["docker-compose-prod.yml", "services:\n  a: 1", "compose"],
    ["web.compose.yaml", "services:\n", "compose"],
    ["docker-compose.yml", "web:\n  image: x", "compose"],
    ["compose.yaml", "apiVersion: v1\nkind: Service", "kubernetes"],
    ["decompose.yaml", "a: 1", undefined],
    [".env.example", "", "dotenv-example"],
    ["a.yaml", "apiVersion: v1\nkind: Pod\n", "kubernetes"],
    ["README.md", "FROM a", undefined],
  ];
  it.each(rows)("%s with %j is %s", (path, text, kind) => {
    expect(kindOf(path, text)).toBe(kind);
    if (kind) expect(mayHaveKind(path)).toBe(true);
  });
});

describe("a check", () => {
  it("reads only what some rule can be about", async () => {
    const asked: string[] = [];
    const files = memoryTree({ "a.png": "", "yarn.lock": "", "a.ts": "", Dockerfile: ROOT });
    const tree: Tree = {
      ...files,
      text(path) {
        asked.push(path);
        return files.text(path);
      },
    };
    await checkFiles({ tree, today: TODAY });
    expect(asked.sort()).toEqual(["Dockerfile", "a.ts"]);
  });

  it("judges the files it is told, over the files of all", async () => {
    const tree = memoryTree({ "a/Dockerfile": ROOT, "b/Dockerfile": ROOT });
    const found = await checkFiles({ tree, only: ["b/Dockerfile"], today: TODAY });
    expect(new Set(found.map(({ file }) => file))).toEqual(new Set(["b/Dockerfile"]));
  });

  it("tells files that nobody can read", async () => {
    const found = await check({ "compose.yaml": "services: [", "chart/templates/a.yaml": "{{ if }}\na: [" });
    expect(found.map(({ rule, severity, file }) => [rule, severity, file])).toEqual([
      ["unreadable", "error", "compose.yaml"],
    ]);
  });

  it("leaves files of megabytes alone", async () => {
    expect(await check({ "compose.yaml": `services:\n${"# x\n".repeat(300_000)}` })).toEqual([]);
  });

  it("says by file and line, each once", async () => {
    const found = await check({ Dockerfile: "FROM node\nADD a b\nUSER root\n", "A/Dockerfile": ROOT });
    const places = found.map(({ file, line, rule }) => [file, line, rule]);
    expect(places).toEqual(
      places.toSorted((a, b) =>
        String(a[0]) < String(b[0]) ? -1 : String(a[0]) > String(b[0]) ? 1 : Number(a[1]) - Number(b[1]),
      ),
    );
    expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(found.length);
  });

  it("survives rules and validators that throw, and says so", async () => {
    const [rule] = RULES;
    const [validator] = VALIDATORS;
    if (!rule || !validator) throw new Error("nothing to try it with");
    const boom = () => {
      throw new Error("boom");
    };
    const spies = [
      vi.spyOn(rule, "check").mockImplementation(boom),
      vi.spyOn(validator, "validate").mockImplementation(boom),
    ];
    const found = await check({ Dockerfile: ROOT }).finally(() => {
      for (const spy of spies) spy.mockRestore();
    });
    expect(found.filter((one) => one.rule === "bug").map(({ message }) => message)).toEqual([
      "SM01 could not judge this file: boom; please report it",
      "dockerfile-syntax could not judge this file: boom; please report it",
    ]);
    expect(found.some((one) => one.rule === "SM02")).toBe(true);
  });

  it("takes anything as a file", async () => {
    const words = fc.constantFrom(
      "FROM a\n",
      "RUN ",
      "COPY ",
      "<<EOF\n",
      "EOF\n",
      "\\\n",
      "# x\n",
      "--from=",
      "CMD [",
      '"a"',
      "]",
      "$(",
      "${",
      "`",
      "'",
      "services:\n",
      "  a:\n",
      "    image: x\n",
      "- ",
      "&a ",
      "*a",
      "{",
      "}",
      "\u0000",
      "\uFEFF",
      "\r\n",
      "😀",
      "A=b\n",
      "WORKDIR ..\n",
      "USER ",
      "ONBUILD ",
      "HEALTHCHECK CMD ",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 30 }), async (parts) => {
        const text = parts.join("");
        const found = await check({
          Dockerfile: text,
          "compose.yaml": text,
          ".env.example": text,
          ".dockerignore": text,
        });
        expect(found.filter(({ rule }) => rule === "bug")).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe("suppressions", () => {
  const told = async (text: string, suppressions: Suppression[] = []) =>
    (await check({ Dockerfile: text }, suppressions))
      .filter(({ rule }) => rule === "SM02" || rule === "suppression")
      .map(({ rule, suppressed, line }) => [rule, line, suppressed?.reason]);
  const rows: [name: string, text: string, expected: unknown[][]][] = [
    [
      "above the line",
      "FROM node:22\n# stationmaster-ignore SM02: binds port 80\nUSER root",
      [["SM02", 3, "binds port 80"]],
    ],
    [
      "above other comments",
      "FROM node:22\n# stationmaster-ignore SM02, SM05: why\n# more\nUSER root",
      [["SM02", 4, "why"]],
    ],
    ["of another rule", "FROM node:22\n# stationmaster-ignore SM03: why\nUSER root", [["SM02", 3, undefined]]],
    [
      "with a line in between",
      "FROM node:22\n# stationmaster-ignore SM02: why\nRUN a\nUSER root",
      [["SM02", 4, undefined]],
    ],
    [
      "without a reason",
      "FROM node:22\n# stationmaster-ignore SM02\nUSER root",
      [
        ["suppression", 2, undefined],
        ["SM02", 3, undefined],
      ],
    ],
    ["without a rule", "FROM node:22\n# stationmaster-ignore\nUSER 1", [["suppression", 2, undefined]]],
    [
      "of a rule that nobody has",
      "FROM node:22\n# stationmaster-ignore SM99: why\nUSER 1",
      [["suppression", 2, undefined]],
    ],
  ];
  it.each(rows)("a comment %s", async (_, text, expected) => {
    expect(await told(text)).toEqual(expected);
  });

  it("a comment above an instruction of several lines", async () => {
    const found = await check({
      Dockerfile: "FROM debian:12\n# stationmaster-ignore SM08: the script does it\nRUN a && \\\n  sudo b\nUSER 1",
    });
    expect(found.map(({ rule, suppressed }) => [rule, suppressed?.by])).toEqual([["SM08", "comment"]]);
  });

  it("in any file, for secrets too", async () => {
    const value = ["q7Zp", "L2vX", "9tRw", "K4mN", "8sYb", "D3fG"].join("");
    const found = await check({
      "a.ts": `// stationmaster-ignore secret-assignment: of the test server\nconst apiKey = "${value}";\n`,
    });
    expect(found.map(({ rule, suppressed }) => [rule, suppressed?.reason])).toEqual([
      ["secret-assignment", "of the test server"],
    ]);
  });

  const manifest: [name: string, suppression: Suppression, expected: unknown[]][] = [
    ["all files", { rule: "SM02", reason: "r" }, ["SM02", 2, "r"]],
    ["a pattern that fits", { rule: "SM02", path: "Docker*", reason: "r", until: TODAY }, ["SM02", 2, "r"]],
    ["a pattern that does not", { rule: "SM02", path: "api/**", reason: "r" }, ["SM02", 2, undefined]],
    ["one that ended", { rule: "SM02", reason: "r", until: "2026-11-21" }, ["SM02", 2, undefined]],
  ];
  it.each(manifest)("of the manifest: %s", async (_, suppression, expected) => {
    expect(await told(ROOT, [suppression])).toEqual([expected]);
  });

  it("one that ended is told", async () => {
    const found = await check({ Dockerfile: ROOT }, [{ rule: "SM02", reason: "old", until: "2026-01-01" }]);
    expect(found.find(({ rule }) => rule === "SM02")?.message).toMatch(
      /\(its suppression "old" ended on 2026-01-01\)$/,
    );
  });
});
