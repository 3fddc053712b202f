import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { yamlText } from "../../formats/write-yaml.ts";
import { parseYaml } from "../../formats/yaml.ts";
import { mergeTexts } from "./merge.ts";
import { weave } from "./three-way.ts";

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const tree = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.integer(), word, fc.boolean()),
  node: fc.dictionary(
    word,
    fc.oneof({ depthSize: "small" }, tie("leaf"), tie("node"), fc.array(tie("leaf"), { maxLength: 4 })),
    { maxKeys: 5 },
  ),
})).node as fc.Arbitrary<Record<string, unknown>>;
const lines = (line: fc.Arbitrary<string>) =>
  fc.array(line, { minLength: 1, maxLength: 12 }).map((some) => `${some.join("\n")}\n`);
const instruction = fc.oneof(
  word.map((name) => `RUN ${name} install`),
  fc.tuple(word, word).map(([name, value]) => `ENV ${name.toUpperCase()}=${value}`),
  fc.tuple(word, word).map(([from, to]) => `COPY ${from} ${to}`),
  word.map((text) => `# ${text}`),
);
const attribute = fc.oneof(
  fc.tuple(word, word).map(([name, value]) => `  ${name} = "${value}"`),
  word.map((name) => `resource "aws_s3_bucket" "${name}" {`),
  fc.constant("}"),
);
const assignment = fc.oneof(
  fc.tuple(word, word).map(([name, value]) => `${name.toUpperCase()}=${value}`),
  fc.constant(""),
  word.map((text) => `# ${text}`),
);

const FAMILIES: Record<string, fc.Arbitrary<string>> = {
  "compose.yaml": tree.map((data) => yamlText(data)),
  ".github/workflows/ci.yml": tree.map((data) => yamlText(data, { header: ["ours"], spaced: true })),
  "vercel.json": tree.map((data) => `${JSON.stringify(data, null, 2)}\n`),
  ".env.example": lines(assignment),
  Dockerfile: lines(instruction),
  ".dockerignore": lines(word),
  "infra/aws/main.tf": lines(attribute),
  ".railway/railway.ts": lines(fc.tuple(word, word).map(([name, value]) => `    ${name}: "${value}",`)),
};

describe.each(Object.entries(FAMILIES))("laws of %s", (path, text) => {
  test("merge(b, b, n) = n, merge(b, u, b) = u, merge(b, n, n) = n", () => {
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(mergeTexts(path, { base, current: base, next: other })).toEqual({ text: other, conflicts: [] });
        expect(mergeTexts(path, { base, current: other, next: base })).toEqual({ text: other, conflicts: [] });
        expect(mergeTexts(path, { base, current: other, next: other })).toEqual({ text: other, conflicts: [] });
      }),
    );
  });

  test("what a person adds at the top or the bottom is there afterwards, whatever the plan does", () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), (base, next, top) => {
        const own = /\.json$/.test(path) ? undefined : /\.ts$/.test(path) ? "// mine" : "# mine";
        if (own === undefined) return;
        const current = top ? `${own}\n${base}` : `${base}${own}\n`;
        expect(mergeTexts(path, { base, current, next }).text).toContain(own);
      }),
    );
  });

  test("two runs in a row are one", () => {
    fc.assert(
      fc.property(text, text, text, (base, current, next) => {
        const first = mergeTexts(path, { base, current, next }).text;
        expect(mergeTexts(path, { base: next, current: first, next })).toEqual({ text: first, conflicts: [] });
      }),
    );
  });
});

test("YAML: a key that a person adds and one that the plan adds both hold, in whatever place", () => {
  fc.assert(
    fc.property(tree, fc.boolean(), (base, first) => {
      const added = (item: object) => yamlText(first ? { ...item, ...base } : { ...base, ...item });
      const { text, conflicts } = mergeTexts("a.yaml", {
        base: yamlText(base),
        current: added({ zuser1: 1 }),
        next: added({ ygen1: 2 }),
      });
      expect(conflicts).toEqual([]);
      expect(parseYaml(text).value).toEqual({ ...base, zuser1: 1, ygen1: 2 });
    }),
  );
});

test("lines: what one side put in or took out is so afterwards, unless the other did the same place", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 15 });
  fc.assert(
    fc.property(numbers, numbers, numbers, (one, two, three) => {
      const [base, current, next] = [one, two, three].map((list) => list.map(String)) as [string[], string[], string[]];
      const { lines: merged, conflicts } = weave({ base, current, next });
      for (const line of current) if (!base.includes(line)) expect(merged).toContain(line);
      if (conflicts.length > 0) return;
      for (const line of next) if (!base.includes(line)) expect(merged).toContain(line);
      for (const line of base) if (!current.includes(line) && !next.includes(line)) expect(merged).not.toContain(line);
    }),
  );
});
