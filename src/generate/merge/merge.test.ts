import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MergeInput, mergeFile, mergeTexts } from "./merge.ts";

const input = (given: Partial<MergeInput>): MergeInput => ({
  path: "compose.yaml",
  current: undefined,
  base: undefined,
  next: undefined,
  ownership: "managed",
  restore: false,
  adopt: false,
  ...given,
});

describe("states", () => {
  test.each<[string, Partial<MergeInput>, object]>([
    ["a new file", { next: "a\n" }, { action: "create", text: "a\n", base: "a\n" }],
    ["one that the user deleted", { base: "a\n", next: "b\n" }, { action: "keep", text: undefined }],
    [
      "one that the user deleted, asked for again",
      { base: "a\n", next: "b\n", restore: true },
      { action: "create", text: "b\n" },
    ],
    [
      "one of somebody else",
      { current: "x\n", next: "a\n" },
      { action: "conflict", text: "x\n", proposed: "a\n", base: undefined },
    ],
    [
      "one of somebody else, adopted",
      { current: "x\n", next: "a\n", adopt: true },
      { action: "merge", text: "a\n", base: "a\n" },
    ],
    [
      "one that is as it would be written",
      { current: "a\n", next: "a\n" },
      { action: "keep", text: "a\n", base: "a\n" },
    ],
    ["one nobody edited", { current: "a\n", base: "a\n", next: "b\n" }, { action: "merge", text: "b\n", base: "b\n" }],
    [
      "one edited, the plan as before",
      { current: "x\n", base: "a\n", next: "a\n" },
      { action: "keep", text: "x\n", base: "a\n" },
    ],
    [
      "a seed that is there",
      { current: "x\n", base: "a\n", next: "b\n", ownership: "seed" },
      { action: "keep", text: "x\n", base: "a\n" },
    ],
    ["one that the plan needs no more", { current: "a\n", base: "a\n" }, { action: "delete", text: undefined }],
    ["one that the plan needs no more, edited", { current: "x\n", base: "a\n" }, { action: "keep", text: "x\n" }],
  ])("%s", (_, given, expected) => {
    expect(mergeFile(input(given))).toMatchObject(expected);
  });

  test.each<[string, Partial<MergeInput>]>([
    ["edited", { current: "a\n# caf\uFFFD\n", base: "a\n", next: "b\n" }],
    ["with a part of ours", { current: "# caf\uFFFD\n", next: "b\n", ownership: "patch" }],
  ])("bytes that are no text stay: a file %s is not written again", (_, given) => {
    expect(mergeFile(input({ path: "Dockerfile", ...given }))).toMatchObject({
      action: "conflict",
      text: given.current,
      proposed: "b\n",
      base: given.base,
    });
  });

  test("a marked part of somebody's file is replaced, and nothing else of it", () => {
    const first = mergeFile(input({ path: "x", current: "mine\n", next: "ours\n", ownership: "patch" }));
    expect(first).toMatchObject({
      action: "merge",
      text: "mine\n\n# stationmaster: begin\nours\n# stationmaster: end\n",
    });
    const second = mergeFile(
      input({ path: "x", current: `${first.text}more\n`, base: "ours\n", next: "new\n", ownership: "patch" }),
    );
    expect(second.text).toBe("mine\n\n# stationmaster: begin\nnew\n# stationmaster: end\nmore\n");
    expect(
      mergeFile(input({ path: "x", current: "mine\n", base: "ours\n", next: "new\n", ownership: "patch" })).text,
    ).toBe("mine\n");
  });

  test("a marked part that is indented stays as it is", () => {
    const given = { path: "ci.yml", next: "  ours: 1\n", ownership: "patch" } as const;
    const { text } = mergeFile(input({ ...given, current: "jobs:\n  theirs: 1\n" }));
    expect(text).toBe("jobs:\n  theirs: 1\n\n  # stationmaster: begin\n  ours: 1\n  # stationmaster: end\n");
    expect(mergeFile(input({ ...given, current: text, base: "  ours: 1\n" })).text).toBe(text);
  });
});

describe("laws", () => {
  const value = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.integer(), fc.stringMatching(/^[a-z]{0,8}$/), fc.boolean()),
    node: fc.dictionary(
      fc.stringMatching(/^[a-z]{1,4}$/),
      fc.oneof({ depthSize: "small" }, tie("leaf"), tie("node"), fc.array(tie("leaf"), { maxLength: 4 })),
      { maxKeys: 5 },
    ),
  })).node;

  test.each(["a.json", "a.txt"])("%s: merge(b, b, n) = n and merge(b, u, b) = u", (path) => {
    fc.assert(
      fc.property(value, value, (one, two) => {
        const [base, other] = [one, two].map((item) => `${JSON.stringify(item, null, 2)}\n`) as [string, string];
        expect(mergeTexts(path, { base, current: base, next: other })).toEqual({ text: other, conflicts: [] });
        expect(mergeTexts(path, { base, current: other, next: base })).toEqual({ text: other, conflicts: [] });
      }),
    );
  });

  test("an edit of a key and a change of another key both hold", () => {
    fc.assert(
      fc.property(value, (base) => {
        const text = (item: object) => `${JSON.stringify(item, null, 2)}\n`;
        const merged = mergeTexts("a.json", {
          base: text(base),
          current: text({ ...base, zuser: 1 }),
          next: text({ ...base, ygen: 2 }),
        });
        expect(merged.conflicts).toEqual([]);
        expect(JSON.parse(merged.text)).toEqual({ ...base, zuser: 1, ygen: 2 });
      }),
    );
  });
});
