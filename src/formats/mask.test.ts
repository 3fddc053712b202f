import fc from "fast-check";
import { expect, test } from "vitest";
import { type Family, mask } from "./mask.ts";

// In the expected text `·` stands for a blank that was something else.
test.each<[string, Family, string, { code?: string; bare?: string }]>([
  ["a line comment", "javascript", "a // b\nc", { code: "a ····\nc" }],
  ["a block comment keeps its lines", "javascript", "a /* x\ny */ b", { code: "a ····\n···· b" }],
  ["a comment in a string", "javascript", 'f("// no") // yes', { code: 'f("// no") ······' }],
  ["an address", "javascript", "fetch(`https://a.b/c`)", { code: "fetch(`https://a.b/c`)" }],
  ["a regular expression with quotes", "javascript", "x = /[\"'`]/; y // z", { code: "x = /[\"'`]/; y ····" }],
  [
    "a regular expression that ends in slashes",
    "javascript",
    'a.replace(/\\//, "") // z',
    { code: 'a.replace(/\\//, "") ····' },
  ],
  ["a division", "javascript", "a / b // c", { code: "a / b ····" }],
  ["code in a template", "javascript", "`a ${env.X} b`", { bare: "`··${env.X}··`" }],
  ["a template in a template", "javascript", "`${`x${y}`}` + z", { bare: "`${`·${y}`}` + z" }],
  ["a brace in a string of a template", "javascript", '`${f("}")}x`; y', { bare: '`${f("·")}·`; y' }],
  ["markup", "javascript", "<!-- app.get('/x') --><a/>", { code: `${"·".repeat(22)}<a/>` }],
  ["an apostrophe of a text", "javascript", "<p>Don't</p>\nf('x')", { bare: "<p>Don't</p>\nf('·')" }],
  ["a docstring", "python", 'def f():\n  """app.get("/x")"""\n  g()', { code: `def f():\n  ${"·".repeat(19)}\n  g()` }],
  ["a string that is an argument", "python", 'f(\n  """select 1"""\n)', { code: 'f(\n  """select 1"""\n)' }],
  ["a hash in a string", "python", "a = '#x' # y", { code: "a = '#x' ···" }],
  ["a character that is a quote", "rust", "s.split('\"'); // c", { code: "s.split('\"'); ····" }],
  ["a lifetime", "rust", "fn f<'a>(x: &'a str) {} // c", { code: "fn f<'a>(x: &'a str) {} ····" }],
  ["a raw string", "rust", 'r#"a " // b"# + c', { code: 'r#"a " // b"# + c' }],
  ["a verbatim string", "c", '@"C:\\" + b // c', { code: '@"C:\\" + b ····' }],
  ["a raw string of Go", "go", "`a\n// b` // c", { code: "`a\n// b` ····" }],
  [
    "a documentation of Elixir",
    "elixir",
    '@doc """\nget "/x"\n"""\nget "/y"',
    { code: '@doc ···\n········\n···\nget "/y"' },
  ],
  ["the character of a quote", "elixir", 'x == ?" # c', { code: 'x == ?" ···' }],
  ["a block of Ruby", "ruby", "a\n=begin\nb\n=end\nc", { code: "a\n······\n·\n····\nc" }],
  [
    "a page of PHP",
    "php",
    "<p>Don't</p><?php f('a'); // b\n?>It's",
    { bare: "<p>Don't</p><?php f('·'); ····\n?>It's" },
  ],
  ["an attribute of PHP", "php", "<?php\n#[Route('/x')]\n# c", { code: "<?php\n#[Route('/x')]\n···" }],
  ["a declaration in a string of PHP", "php", "<?php $x = '<?xml ?>'; // c", { code: "<?php $x = '<?xml ?>'; ····" }],
  ["a word of a shell", "shell", "a#b $# # c", { code: "a#b $# ···" }],
  ["a comment of Haskell", "haskell", 'run 80 -- run 9\n{- x\n-} "--"', { code: 'run 80 ········\n····\n·· "--"' }],
  ["a comment of a Lisp", "lisp", '(a ";") ; b', { code: '(a ";") ···' }],
  ["a comment of OCaml", "ml", "a (* b *) c", { code: "a ······· c" }],
  ["a comment of Lua", "lua", "a --[[ b\nc ]] d -- e", { code: "a ······\n···· d ····" }],
  ["a comment of Erlang", "erlang", 'f("%"). % c', { code: 'f("%"). ···' }],
  ["the last index of a list of Perl", "hash", "$#a + 1 # c", { code: "$#a + 1 ···" }],
  ["a string without an end", "javascript", "a('b\n// c", { code: "a('b\n····" }],
  ["a comment without an end", "c", "a /* b", { code: "a ····" }],
])("%s", (_, family, text, expected) => {
  const { code, bare } = mask(text, family);
  const blanked = (line?: string) => line?.replaceAll("·", " ");
  if (expected.code !== undefined) expect(code).toBe(blanked(expected.code));
  if (expected.bare !== undefined) expect(bare).toBe(blanked(expected.bare));
});

const FAMILIES: Family[] = [
  "javascript",
  "c",
  "go",
  "rust",
  "python",
  "ruby",
  "elixir",
  "php",
  "shell",
  "haskell",
  "lisp",
  "lua",
  "ml",
  "erlang",
  "hash",
];
const hostile = fc.array(
  fc.constantFrom(..."\"'`/*#$\\{}\n a?<!-=@r".split(""), '"""', "${", "<?php", "?>", "=begin", "@doc", "<!--"),
  { maxLength: 60 },
);

test("any text keeps its length and its lines", () => {
  fc.assert(
    fc.property(fc.constantFrom(...FAMILIES), hostile, (family, parts) => {
      const text = parts.join("");
      const { code, bare } = mask(text, family);
      for (const masked of [code, bare]) {
        expect(masked).toHaveLength(text.length);
        expect(masked.replace(/[^\n]/g, "")).toBe(text.replace(/[^\n]/g, ""));
      }
    }),
    { numRuns: 2_000 },
  );
});

test("templates in templates without end", () => {
  const text = "`${".repeat(100_000);
  expect(mask(text, "javascript").bare).toHaveLength(text.length);
});
