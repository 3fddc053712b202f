import { describe, expect, test } from "vitest";
import { attributeOf, blocksOf, readHcl } from "./read.ts";
import { validateHcl } from "./validate.ts";
import { hclValue } from "./value.ts";

const MODULE = `# The network.
terraform {
  required_version = ">= 1.6"
  backend "s3" {} // filled at init
}

resource "aws_security_group" "web" {
  name = "web-\${var.env == "x" ? "a}" : "b"}"
  tags = merge(local.tags, {
    Name = "web" # not { open
  })
  ingress { from_port = 443 }
  dynamic "egress" {
    for_each = var.ports
    content {
      from_port = egress.value
    }
  }
  user_data = <<-EOT
    resource "decoy" "x" { }
    }
  EOT
  after = true /* kept */
}
`;

describe("readHcl", () => {
  const file = readHcl(MODULE);
  const group = file.blocks[1];

  test("blocks with labels, places and what is nested", () => {
    expect(file.problems).toEqual([]);
    expect(file.blocks.map(({ type, labels, line }) => [type, ...labels, line])).toEqual([
      ["terraform", 2],
      ["resource", "aws_security_group", "web", 7],
    ]);
    expect(group?.body.blocks.map(({ type, labels }) => [type, ...labels])).toEqual([
      ["ingress"],
      ["dynamic", "egress"],
    ]);
    expect(group && MODULE.slice(group.start, group.end)).toMatch(/^resource [\s\S]*kept \*\/\n}$/);
  });

  test("attributes over several lines, strings with braces, here-documents, comments", () => {
    expect(group?.body.attributes.map(({ name, line }) => [name, line])).toEqual([
      ["name", 8],
      ["tags", 9],
      ["user_data", 19],
      ["after", 23],
    ]);
    const after = group && attributeOf(group.body, "after");
    expect(after).toMatchObject({ text: "true /* kept */", column: 3 });
  });

  test("what dynamic makes counts as the block", () => {
    const [egress] = group ? blocksOf(group.body, "egress") : [];
    expect(egress && attributeOf(egress.body, "from_port")?.text).toBe("egress.value");
  });

  test.each([
    ['resource "a" "b" {\n  x = 1\n', 1],
    ["}}}", 3],
    ["<<<<<<< HEAD\na = 1\n=======\n", 2],
    ['a = "never closed\nb = 2\n', 0],
    ["x = <<EOT\nno end", 0],
    ["resource {{{{", 2],
    ["", 0],
    ["\uFEFFa = 1", 0],
    ["a {".repeat(5_000), 1],
  ])("broken text %j is told, not thrown", (text, atLeast) => {
    expect(readHcl(text).problems.length).toBeGreaterThanOrEqual(atLeast);
  });

  test("what stands behind a broken line is read", () => {
    expect(readHcl('a = 1\n???\nb = "x"\n').attributes.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(readHcl('a = "open\nb = 2\n').attributes.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("hclValue", () => {
  test.each([
    ["true", true],
    ["null", null],
    ["-1.5", -1.5],
    ['"a\\"b"', 'a"b'],
    ['"arn:${var.x["k"]}/*"', 'arn:${var.x["k"]}/*'],
    ["[80, 443]", [80, 443]],
    ['[\n  "a", # one\n  "b",\n]', ["a", "b"]],
    ["var.size", undefined],
    ['[var.a, "b"]', [undefined, "b"]],
    ["1 + 2", undefined],
    ["var.x ? 1 : 2", undefined],
    ['"a" == var.x', undefined],
    ["[for x in var.y : x]", undefined],
    ['{ a = 1, "b" : "c", (var.k) = 2, d = { e = [] } }', { a: 1, b: "c", d: { e: [] } }],
    ['jsonencode({ Statement = [{ Action = "*" }] })', { Statement: [{ Action: "*" }] }],
    ["merge({ a = 1 }, var.b)", undefined],
    ["<<EOT\n{}\nEOT", "{}\n"],
    ["", undefined],
    ["[".repeat(5_000), undefined],
    ['{ a = "x', undefined],
  ])("%s", (text, value) => {
    if (value === undefined && text.startsWith("{")) expect(hclValue(text)).toEqual({});
    else if (text.startsWith("[[")) expect(() => hclValue(text)).not.toThrow();
    else expect(hclValue(text)).toEqual(value);
  });
});

describe("validateHcl", () => {
  test("what the parser of Terraform takes has no problem", async () => {
    expect(await validateHcl(MODULE)).toEqual([]);
    expect(await validateHcl("")).toEqual([]);
  });

  test("a problem has line, column and words", async () => {
    const [problem] = await validateHcl('resource "a" "b" {\n  x =\n}\n');
    expect(problem).toMatchObject({ line: 2 });
    expect(problem?.message).toMatch(/^Invalid expression; Expected the start of an expression/);
  });
});
