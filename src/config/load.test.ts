import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DeployRequest } from "../contract/requests.ts";
import { isKnownError, oneLine } from "../core/errors.ts";
import { namedStrategy } from "./environments.ts";
import { loadManifest, parseManifest } from "./load.ts";
import { GOOD } from "./testing.ts";

/** What a text is refused with: code, line, and the whole line a person sees. */
function refused(text: string): { code: string; line: number; said: string } {
  try {
    parseManifest(text, "m.yaml");
  } catch (error) {
    if (!isKnownError(error)) throw error;
    expect(error.exitCode).toBe(2);
    expect(error.next).toBeTruthy();
    return { code: error.code, line: Number(/m\.yaml:(\d+):/.exec(error.message)?.[1]), said: oneLine(error) };
  }
  throw new Error("it was accepted");
}

const without = (line: RegExp) =>
  GOOD.split("\n")
    .filter((text) => !line.test(text))
    .join("\n");

test("the smallest manifest is complete", () => {
  const manifest = parseManifest(GOOD);
  expect(manifest.services.api).toMatchObject({
    start: ["node", "server.js"],
    kind: "http",
    replicas: 1,
    drain: 30_000,
  });
  expect(manifest.services.api?.health).toMatchObject({ path: "/health", every: 5_000, timeout: 2_000 });
  expect(manifest.environments.local).toMatchObject({ platform: "local", strategy: { judge: { alpha: 0.01 } } });
});

describe("each mistake has its code, its line and a next step", () => {
  test.each([
    {
      name: "unknown key",
      change: ["health: /health", "helth: /health"],
      code: "SM-CONFIG-KEY",
      line: 5,
      says: 'did you mean "health"?',
    },
    {
      name: "unknown key at the top",
      change: ["project: shop", "project: shop\nservice: {}"],
      code: "SM-CONFIG-KEY",
      line: 2,
      says: '"services"',
    },
    {
      name: "unknown key deep inside",
      change: ["health: /health", "health:\n      path: /health\n      tiemout: 1s"],
      code: "SM-CONFIG-KEY",
      line: 7,
      says: '"timeout"',
    },
    {
      name: "unknown key that resembles nothing",
      change: ["health: /health", "zzzzzzzz: 1"],
      code: "SM-CONFIG-KEY",
      line: 5,
      says: "allowed are",
    },
    {
      name: "wrong type",
      change: ["health: /health", "replicas: many"],
      code: "SM-CONFIG-VALUE",
      line: 5,
      says: "replicas",
    },
    {
      name: "a number where a name is",
      change: ["project: shop", "project: 12"],
      code: "SM-CONFIG-VALUE",
      line: 1,
      says: "project",
    },
    {
      name: "a duration without unit",
      change: ["health: /health", "drain: 30"],
      code: "SM-CONFIG-VALUE",
      line: 5,
      says: "drain",
    },
    {
      name: "out of range",
      change: ["health: /health", "replicas: 0"],
      code: "SM-CONFIG-VALUE",
      line: 5,
      says: "replicas",
    },
    { name: "a name that is none", change: ["  web:", "  Web Site:"], code: "SM-CONFIG-VALUE", line: 6, says: "name" },
    {
      name: "duplicate service",
      change: ["  web:", "  api:"],
      code: "SM-CONFIG-YAML",
      line: 6,
      says: '"api" is there twice',
    },
    {
      name: "duplicate key",
      change: ["health: /health", "health: /health\n    health: /up"],
      code: "SM-CONFIG-YAML",
      line: 6,
      says: "twice",
    },
    { name: "broken YAML", change: ["[node, web.js]", "[node, web.js"], code: "SM-CONFIG-YAML", line: 8, says: "YAML" },
    { name: "a tab", change: ["    health", "\thealth"], code: "SM-CONFIG-YAML", line: 5, says: "YAML" },
    {
      name: "unknown dependency",
      change: ["[api]", "[apu]"],
      code: "SM-CONFIG-REFERENCE",
      line: 8,
      says: 'did you mean "api"?',
    },
    { name: "dependency on itself", change: ["[api]", "[web]"], code: "SM-CONFIG-CYCLE", line: 8, says: "web → web" },
    {
      name: "dependency cycle",
      change: ["health: /health", "depends_on: [web]"],
      code: "SM-CONFIG-CYCLE",
      line: 5,
      says: "api → web → api",
    },
    {
      name: "a shell line",
      change: ["node server.js", "node server.js | tee log"],
      code: "SM-CONFIG-VALUE",
      line: 4,
      says: "shell",
    },
    {
      name: "an open quote",
      change: ["node server.js", "node 'server.js"],
      code: "SM-CONFIG-VALUE",
      line: 4,
      says: "quote",
    },
    {
      name: "unknown platform",
      change: ["platform: local", "platform: lokal"],
      code: "SM-CONFIG-VALUE",
      line: 10,
      says: "platform",
    },
    {
      name: "falling canary steps",
      change: ["platform: local", "platform: local, strategy: { kind: canary, steps: [50, 10, 100] }"],
      code: "SM-CONFIG-VALUE",
      line: 10,
      says: "rise",
    },
    {
      name: "unknown placeholder",
      change: ["health: /health", 'env: { A: "${vault:X}" }'],
      code: "SM-CONFIG-REFERENCE",
      line: 5,
      says: "${secret:NAME}",
    },
    {
      name: "placeholder of no service",
      change: ["health: /health", 'env: { A: "${service:ap}" }'],
      code: "SM-CONFIG-REFERENCE",
      line: 5,
      says: 'did you mean "api"?',
    },
    {
      name: "a path out of the project",
      change: ["health: /health", "data: [/etc]"],
      code: "SM-CONFIG-VALUE",
      line: 5,
      says: "relative",
    },
    {
      name: "three restarts",
      change: ["environments:", "remedies:\n  api: { ladder: [restart, restart, restart] }\nenvironments:"],
      code: "SM-CONFIG-VALUE",
      line: 10,
      says: "at most 2 restarts",
    },
    {
      name: "escalation to nobody",
      change: ["environments:", "escalate: { SEV1: [nobody] }\nenvironments:"],
      code: "SM-CONFIG-REFERENCE",
      line: 9,
      says: "channel",
    },
    {
      name: "a check of two kinds",
      change: ["environments:", "checks:\n  c: { url: http://x, tcp: x:1 }\nenvironments:"],
      code: "SM-CONFIG-VALUE",
      line: 10,
      says: "exactly one",
    },
    {
      name: "a quorum of more hosts than there are",
      change: ["{ platform: local }", "{ platform: compose, hosts: [a, b], quorum: 3 }"],
      code: "SM-CONFIG-VALUE",
      line: 10,
      says: "fewer hosts than the quorum",
    },
  ])("$name", ({ change: [from = "", to = ""], code, line, says }) => {
    expect(GOOD).toContain(from);
    const found = refused(GOOD.replace(from, to));
    expect(found).toMatchObject({ code, line });
    expect(found.said).toContain(says);
    expect(found.said.split("\n")).toHaveLength(1);
  });

  test.each([/^project/, /^environments|local/])("missing part %s", (line) => {
    expect(refused(without(line)).code).toBe("SM-CONFIG-VALUE");
  });

  test.each(["", "[]", "just words", "null", "42"])("not a mapping: %j", (text) => {
    expect(refused(text).code).toBe("SM-CONFIG-YAML");
  });

  test("names of the language are names like others", () => {
    for (const name of ["__proto__", "toString"]) {
      expect(["SM-CONFIG-VALUE", "SM-CONFIG-KEY"]).toContain(refused(GOOD.replace("  web:", `  ${name}:`)).code);
      expect(refused(GOOD.replace("[api]", `[${name}]`)).code).toMatch(/^SM-CONFIG-(REFERENCE|VALUE)$/);
    }
  });
});

describe("files that would hurt", () => {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-config-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const load = (name: string, text?: string) => {
    const file = join(folder, name);
    if (text !== undefined) writeFileSync(file, text);
    return () => loadManifest(file);
  };
  const code = (expected: string) => expect.objectContaining({ code: expected, exitCode: 2 });

  test("a billion laughs", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`,
    );
    const started = performance.now();
    expect(load("bomb.yaml", `l0: &l0 lol\n${levels.join("\n")}\n${GOOD}`)).toThrow(code("SM-CONFIG-ALIASES"));
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("a long list of one alias", () => {
    const text = `x: &x { a: 1 }\ny: [${Array(5_000).fill("*x").join(", ")}]\n${GOOD}`;
    expect(load("many.yaml", text)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test("ten megabytes are not read", () => {
    expect(load("large.yaml", `${GOOD}# ${"x".repeat(10_000_000)}\n`)).toThrow(code("SM-CONFIG-SIZE"));
  });

  test("a depth of ten thousand lists", () => {
    expect(load("deep.yaml", `${GOOD}deep: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`)).toThrow(
      expect.objectContaining({ exitCode: 2 }),
    );
  });

  test("no file, a folder, bytes that are no text", () => {
    expect(load("absent.yaml")).toThrow(code("SM-CONFIG-MISSING"));
    mkdirSync(join(folder, "dir.yaml"));
    expect(load("dir.yaml")).toThrow(code("SM-CONFIG-READ"));
    writeFileSync(join(folder, "bytes.yaml"), Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)));
    expect(load("bytes.yaml")).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  test("aliases in reason work, and errors behind them have a line", () => {
    const text = GOOD.replace("    health: /health", "    health: &h { path: /health }").replace(
      "    depends_on",
      "    health: *h\n    depends_on",
    );
    expect(load("alias.yaml", text)().services.web?.health?.path).toBe("/health");
    const wrong = text.replace("{ path: /health }", "{ path: health }");
    expect(refused(wrong)).toMatchObject({ code: "SM-CONFIG-VALUE", line: 5 });
  });
});

test("a strategy is asked for by its name, and what the name leaves open stays the environment's", () => {
  const { strategy } = parseManifest(GOOD, "m.yaml").environments.local ?? {};
  if (!strategy) throw new Error("no strategy");
  const given = { ...strategy, bake: 5_000, steps: [50, 100], judge: { ...strategy.judge, ratio: 2 } };
  expect(namedStrategy("canary", given)).toEqual({ ...given, kind: "canary" });
  expect(namedStrategy("canary-30m", given)).toEqual({
    ...{ kind: "canary", steps: [10, 25, 50, 100], every: 600_000, bake: 600_000 },
    judge: given.judge,
  });
  expect(DeployRequest.parse({ strategy: "canary-30m" }).strategy).toBe("canary-30m");
});
