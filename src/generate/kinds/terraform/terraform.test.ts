import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type HclBlock, type HclBody, readHcl } from "../../../formats/hcl/read.ts";
import { memoryTree } from "../../../formats/tree.ts";
import { checkFiles } from "../../../lint/check.ts";
import { expectedServices } from "../../expected.ts";
import { differences } from "../../readback/claim.ts";
import { saidByTerraform } from "../../readback/terraform.ts";
import { terraform } from "./kind.ts";
import { cloudPlan, PLANS } from "./testing.ts";

const CASES = (["aws", "gcp", "azure"] as const).flatMap((provider) =>
  Object.entries(PLANS).map(([name, given]) => ({ provider, name, plan: cloudPlan(provider, given) })),
);
const hasTerraform = spawnSync("terraform", ["version"]).status === 0;

test.each(CASES)("$provider: $name: nothing to complain of", async ({ plan }) => {
  const files = Object.fromEntries(terraform.render(plan).map(({ path, text }) => [path, text]));
  const found = await checkFiles({
    tree: memoryTree(files),
    services: expectedServices(plan),
    today: "2026-01-01",
  });
  expect(
    found
      .filter(({ suppressed }) => !suppressed)
      .map(({ rule, file, line, message }) => `${rule} ${file}:${line} ${message}`),
  ).toEqual([]);
});

test.each(CASES)("$provider: $name: every reference is declared, once, and every variable used", ({ plan }) => {
  const blocks = terraform
    .render(plan)
    .filter(({ path }) => path.endsWith(".tf"))
    .flatMap(({ text }) => readHcl(text).blocks.map((block) => ({ block, text: text.slice(block.start, block.end) })));
  const declared = blocks.flatMap(({ block }) => addresses(block));
  expect(declared.filter((address, index) => declared.indexOf(address) !== index)).toEqual([]);
  const known = new Set(declared);
  const used = new Set(blocks.flatMap(({ text }) => references(text)));
  expect([...used].filter((address) => !known.has(address))).toEqual([]);
  const asked = declared.filter((address) => /^(?:var|local)\./.test(address));
  expect(asked.filter((address) => !used.has(address))).toEqual([]);
});

test.each(CASES)("$provider: $name: values fit the variables", ({ plan }) => {
  const files = terraform.render(plan);
  const names = new Set(files.flatMap(({ text }) => [...text.matchAll(/^variable "(\w+)"/gm)].map(([, name]) => name)));
  const given = files
    .filter(({ path }) => path.endsWith(".tfvars"))
    .flatMap(({ text }) => readHcl(text).attributes.map(({ name }) => name));
  expect(given.length > 0).toBe(plan.services.length > 0);
  expect(given.filter((name) => !names.has(name))).toEqual([]);
});

test.each(CASES)("$provider: $name: what is read back is what was planned", ({ plan }) => {
  const files = terraform.render(plan);
  const found = files.flatMap(({ path, text }) => saidByTerraform(path, text, plan).claims);
  expect(differences({ claims: found, wirings: [] }, plan)).toEqual([]);
  const ports = new Set(found.flatMap(({ service: name, field }) => (field === "port" ? [name] : [])));
  expect([...ports].sort()).toEqual(
    plan.services
      .filter(({ role, port }) => role === "http" && port !== null)
      .map(({ name }) => name)
      .sort(),
  );
});

test.skipIf(!hasTerraform)("terraform finds nothing to format", () => {
  const folder = mkdtempSync(join(tmpdir(), "fmt-"));
  try {
    for (const { provider, name, plan } of CASES)
      for (const { path, text } of terraform.render(plan)) {
        const file = join(folder, provider, name, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    const done = spawnSync("terraform", ["fmt", "-check", "-recursive", "-diff", folder], { encoding: "utf8" });
    expect(done.stdout).toBe("");
    expect(done.status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the same plan gives the same bytes", () => {
  for (const { plan } of CASES)
    expect(terraform.render(plan)).toEqual(terraform.render(structuredClone({ ...plan, tree: undefined }) as never));
});

test("it is written where the target is a cloud", () => {
  expect(terraform.wanted(cloudPlan("aws", {}))).toBe(true);
  expect(terraform.wanted(cloudPlan("aws", { target: "compose" }))).toBe(false);
});

/** What a block declares, as others call it. */
function addresses({ type, labels, body }: HclBlock): string[] {
  const [kind = "", name = ""] = labels;
  if (type === "resource") return [`${kind}.${name}`];
  if (type === "data" || type === "ephemeral") return [`${type}.${kind}.${name}`];
  if (type === "variable") return [`var.${kind}`];
  if (type === "output") return [`output.${kind}`];
  return type === "locals" ? localNames(body) : [];
}

function localNames(body: HclBody): string[] {
  return body.attributes.map(({ name }) => `local.${name}`);
}

/** What a text refers to: outside of strings, and inside of their templates. */
function references(text: string): string[] {
  const code = text.replace(/^\s*#.*$/gm, "").replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
    const inner = quoted.replace(/\$\$\{/g, "").matchAll(/\$\{([^}]*)\}/g);
    return ` ${[...inner].map(([, expression]) => expression).join(" ")} `;
  });
  return [
    ...code.matchAll(
      /(?<![\w.])((?:(?:data|ephemeral)\.)?(?:aws|google|azurerm|random)_\w+\.\w+|var\.\w+|local\.\w+)/g,
    ),
  ].map(([, address = ""]) => address);
}

test("the checks above find what is wrong", () => {
  expect(references('x = "${aws_lb.main.arn}-$${no}"\n# var.no\ny = [for v in var.list : data.aws_a.b[v].id]')).toEqual(
    ["aws_lb.main", "var.list", "data.aws_a.b"],
  );
});
