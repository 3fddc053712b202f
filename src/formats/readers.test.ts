import { expect, test } from "vitest";
import type { Document } from "./document.ts";
import { parseDotenv } from "./dotenv.ts";
import { foreignRules } from "./git-attributes.ts";
import { ignoreRules, isIgnored } from "./ignore-rules.ts";
import { parseJson } from "./json.ts";
import { decodeText, encodeText, isBinary } from "./text.ts";
import { parseToml } from "./toml.ts";
import { parseXml } from "./xml.ts";
import { parseYaml, parseYamlStream } from "./yaml.ts";

const DEEP = 100_000;
const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
for (let at = 1; at < 10; at += 1) {
  const [name, below] = ["abcdefghij"[at], "abcdefghij"[at - 1]];
  bomb.push(`${name}: &${name} [${Array(9).fill(`*${below}`).join(",")}]`);
}

test.each<[string, (text: string) => Document, string]>([
  ["brackets of JSON", parseJson, "[".repeat(DEEP) + "]".repeat(DEEP)],
  ["brackets of JSON without end", parseJson, "[".repeat(DEEP)],
  ["objects of JSON", parseJson, `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`],
  ["brackets of YAML", parseYaml, "[".repeat(DEEP)],
  ["lists of YAML", parseYaml, `${"- ".repeat(DEEP)}x`],
  ["mappings of YAML", parseYaml, Array.from({ length: 500 }, (_, at) => `${" ".repeat(at)}a:`).join("\n")],
  ["an alias bomb", parseYaml, bomb.join("\n")],
  ["a value that holds itself", parseYaml, "a: &a [*a]"],
  ["brackets of TOML", parseToml, `a = ${"[".repeat(DEEP)}`],
  ["a key of many parts", parseToml, `a${".a".repeat(DEEP)} = 1`],
  ["half of a JSON", parseJson, '{"name": "x", '],
  ["half of a TOML", parseToml, "[tool\nx = "],
  ["half of a YAML", parseYaml, 'a: "x\n  b: ['],
])("%s: a problem, no exception", (_, parse, text) => {
  const found = parse(text);
  expect(found.value).toBeUndefined();
  expect(found.problems[0]?.message).toBeTruthy();
  expect(found.place(["a", 0])).toBeUndefined();
});

test("a value of each reader with its place", () => {
  expect(parseJson('{\n  // c\n  "a": {"b": [1, 2,]},\n}').place(["a", "b", 1])).toEqual({ line: 3, column: 18 });
  expect(parseJson('{"__proto__": {"x": 1}}').value).toEqual(JSON.parse('{"__proto__": {"x": 1}}'));
  expect(parseToml("[a]\nb = [\n 1,\n 2]\n").place(["a", "b", 1])).toEqual({ line: 4, column: 2 });
  expect(parseToml('[[a]]\nx = 1\n[[a]]\n"y z" = 2').place(["a", 1, "y z"])).toEqual({ line: 4, column: 1 });
  expect(parseYaml("a:\n  - b: 1\n    c: 2").place(["a", 0, "c"])).toEqual({ line: 3, column: 5 });
  expect(parseYamlStream("a: 1\n---\nb: 2").map(({ value }) => value)).toEqual([{ a: 1 }, { b: 2 }]);
  expect(parseYaml("a: &x {p: 1}\nb: {<<: *x, q: 2}").value).toMatchObject({ b: { p: 1, q: 2 } });
});

test("an XML file as far as it is well formed", () => {
  const { root, problems } = parseXml('<?xml version="1.0"?>\n<a x="1">\n <b>t</b><!-- <c/> -->\n <d>');
  expect(root).toMatchObject({ name: "a", attributes: { x: "1" }, children: [{ name: "b", text: "t", line: 3 }, {}] });
  expect(problems).not.toEqual([]);
  expect(parseXml("<a>".repeat(DEEP)).root?.name).toBe("a");
  expect(parseXml('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///x">]><a>&e;</a>').root?.text).not.toContain("root:");
});

test("an env file", () => {
  const text = "# about\nexport A=1 # one\nB='x # y'\nC=\"two\nlines\"\n D = z\n1X=no\nE";
  expect(parseDotenv(text)).toEqual([
    { key: "A", value: "1", comment: "about\none", line: 2, column: 8 },
    { key: "B", value: "x # y", comment: "", line: 3, column: 1 },
    { key: "C", value: "two\nlines", comment: "", line: 4, column: 1 },
    { key: "D", value: "z", comment: "", line: 6, column: 2 },
  ]);
});

const utf16 = (text: string, big = false) => {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return big ? bytes.swap16() : bytes;
};

test.each<[string, Uint8Array, string]>([
  ["UTF-8 with a mark and CRLF", Buffer.from("\ufeffa\r\nb"), "a\nb"],
  ["UTF-16", utf16("a\r\nb"), "a\nb"],
  ["UTF-16, big end first", utf16("flask==3.0\n", true), "flask==3.0\n"],
  ["UTF-16 without a mark", Buffer.from("flask==3.0\r\n", "utf16le"), "flask==3.0\n"],
  ["half a character", utf16("ab").subarray(0, 5), "a\ufffd"],
  ["bytes that are no UTF-8", new Uint8Array([0x61, 0xff, 0xc3]), "a\ufffd\ufffd"],
])("%s is text", (_, bytes, text) => {
  expect(isBinary(bytes)).toBe(false);
  expect(decodeText(bytes).text).toBe(text);
});

test("bytes with a NUL are no text", () => {
  expect(isBinary(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]))).toBe(true);
  expect(isBinary(new Uint8Array([0x61, 0, 0x62, 0x63]))).toBe(true);
});

test("a text is written as it was read", () => {
  const bytes = Buffer.from("\ufeffa\r\nb\r\n");
  const file = decodeText(bytes);
  expect(Buffer.from(encodeText(file.text, file))).toEqual(bytes);
});

test.each<[string, string, boolean]>([
  ["/dist", "dist/", true],
  ["/dist", "a/dist/", false],
  ["*.log\n!keep.log", "keep.log", false],
  ["Build/", "build/", false],
  ["...", "...", true],
  ["[", "[", false],
  ["a**********************************b", "a", false],
])("rule %j of %j: %s", (text, path, ignored) => {
  expect(isIgnored(path, [ignoreRules(text, ".")])).toBe(ignored);
});

test("rules nearer to a path go before others", () => {
  const rules = [ignoreRules("*.env", "."), ignoreRules("!a.env", "x")];
  expect(isIgnored("x/a.env", rules)).toBe(false);
  expect(isIgnored("y/a.env", rules)).toBe(true);
});

test("a rule made to take long is left out", () => {
  const start = performance.now();
  const rules = ignoreRules(`${"*a".repeat(40)}b\n${"**/a/".repeat(30)}b`, ".");
  expect(rules(`${"a/".repeat(60)}${"a".repeat(250)}`)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(500);
});

test.each<[string, string, boolean | undefined]>([
  ["vendor/** linguist-vendored", "vendor/a/b.js", true],
  ["*.pb.go linguist-generated=true", "api/x.pb.go", true],
  ["*.js linguist-vendored\nsrc/*.js -linguist-vendored", "src/a.js", false],
  ["*.js linguist-vendored=false", "a.js", false],
  ["*.js text eol=lf", "a.js", undefined],
  ['"a b/*" linguist-generated', "a b/c", true],
  ["# *.js linguist-generated", "a.js", undefined],
])("attributes %j of %s", (text, path, foreign) => {
  expect(foreignRules(text, ".")(path)).toBe(foreign);
});
