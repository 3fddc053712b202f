import { parse } from "@cdktf/hcl2json";
import fc from "fast-check";
import { expect, test } from "vitest";
import { block, expr, type HclValue, jsonencode, printHcl, template } from "./write.ts";

test("attributes of one line are aligned, longer ones stand apart", () => {
  const text = printHcl(
    [
      block(
        "resource",
        ["aws_vpc", "main"],
        {
          cidr_block: "10.0.0.0/16",
          enable_dns_support: true,
          tags: { Name: template("${var.project}-vpc"), "a b": 1 },
        },
        [
          block("timeouts", [], { create: "5m" }),
          { attribute: "depends_on", value: [expr("aws_x.y")], comment: "First the other." },
        ],
      ),
      block("variable", ["empty"], {}),
    ],
    ["Network."],
  );
  expect(text).toBe(`# Network.

resource "aws_vpc" "main" {
  cidr_block         = "10.0.0.0/16"
  enable_dns_support = true

  tags = {
    Name  = "\${var.project}-vpc"
    "a b" = 1
  }

  timeouts {
    create = "5m"
  }

  # First the other.
  depends_on = [aws_x.y]
}

variable "empty" {}
`);
});

test("a value as JSON text is written as what it holds", () => {
  const policy = jsonencode([{ name: "api", image: expr("var.image"), ports: [{ port: 80 }], text: "${x}" }]);
  expect(printHcl([block("locals", [], { one: jsonencode("a"), policy })])).toBe(`locals {
  one = jsonencode("a")

  policy = jsonencode([
    {
      name  = "api"
      image = var.image

      ports = [
        {
          port = 80
        },
      ]

      text = "$\${x}"
    },
  ])
}
`);
});

test("the parser of Terraform reads what was written", async () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const value = fc.letrec<{ value: HclValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_ .-]{0,8}$/), tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), value, { minKeys: 1, maxKeys: 5 }),
      async (attributes) => {
        const parsed = await parse("a.tf", printHcl([block("locals", [], attributes)]));
        expect(plain(parsed.locals[0])).toEqual(plain(attributes));
      },
    ),
    { numRuns: 200 },
  );
});

/** The parser gives templates back as they are written, and knows no undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) => (typeof inner === "string" ? inner.replace(/([$%])\1\{/g, "$1{") : inner)),
  );
}
