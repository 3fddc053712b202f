import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isKnownError } from "../core/errors.ts";
import { createRedactor, redactDeep, Secret } from "../core/redact.ts";
import { splitCommand } from "./command.ts";
import { startOrder } from "./references.ts";
import { createSecretSource, interpolate, type References, secretNames } from "./secrets.ts";

describe("splitCommand", () => {
  const word = fc.string({ minLength: 0, maxLength: 12 });

  test("what was quoted comes back as it was", () => {
    const quote = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const split = splitCommand(words.map(quote).join("  "));
        if ("error" in split) expect(split.error).toContain("shell");
        else expect(split.argv).toEqual(words);
      }),
    );
  });

  test("any text gives words or a reason, never a crash", () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        const split = splitCommand(line);
        if ("error" in split) expect(split.error).not.toBe("");
        else expect(split.argv.length).toBeGreaterThan(0);
      }),
    );
  });

  test.each(["a | b", "a && b", "a > f", "a 2>&1", "a; b".replace(";", " ;"), "$(a)", "`a`", "a &"])(
    "%s needs a shell",
    (line) => {
      expect(splitCommand(line)).toHaveProperty("error", expect.stringContaining("shell"));
    },
  );
});

describe("interpolate", () => {
  const references: References = {
    secret: (name) => (name === "KEY" ? new Secret("KEY", "s3cret-value") : undefined),
    store: (name) => (name === "db" ? "postgres://db" : undefined),
    service: (name) => (name === "api" ? "http://127.0.0.1:1" : undefined),
    variable: (name) => (name === "PORT" ? "8080" : undefined),
  };

  test("replaces what is known and leaves what is none of ours", () => {
    const text = "${secret:KEY} ${store:db} ${service:api} ${PORT} ${HOME} $PORT ${} ${not a name}";
    expect(interpolate(text, references, "x")).toBe(
      "s3cret-value postgres://db http://127.0.0.1:1 8080 ${HOME} $PORT ${} ${not a name}",
    );
  });

  test("a value is not looked at again, so that none can pull in another", () => {
    const nested: References = { ...references, store: () => "${secret:KEY}$&$1" };
    expect(interpolate("${store:db}", nested, "x")).toBe("${secret:KEY}$&$1");
  });

  test("a missing secret is named with its place", () => {
    const attempt = () => interpolate("${secret:ABSENT}", references, "services.api.env.TOKEN");
    expect(attempt).toThrow(expect.objectContaining({ code: "SM-SECRET-MISSING", exitCode: 2 }));
    expect(attempt).toThrow(/ABSENT.*services\.api\.env\.TOKEN/);
  });

  test("any text either comes through or is refused by name", () => {
    const piece = fc.constantFrom("${", "}", "secret:", "store:", "KEY", "db", ":", "$", "x", "env:", " ");
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
        (text) => {
          try {
            expect(interpolate(text, references, "x")).not.toMatch(/\$\{secret:KEY\}/);
          } catch (error) {
            expect(isKnownError(error)).toBe(true);
          }
          expect(secretNames(text).every((name) => name.length > 0)).toBe(true);
        },
      ),
    );
  });
});

describe("secrets", () => {
  test("the environment wins over .env, which wins over the mount", () => {
    const folder = mkdtempSync(join(tmpdir(), "stationmaster-secrets-"));
    try {
      mkdirSync(join(folder, "mount"));
      writeFileSync(join(folder, ".env"), "B=dotenv\nA=dotenv\n");
      for (const name of ["A", "B", "C"]) writeFileSync(join(folder, "mount", name), "mounted\n");
      const source = createSecretSource({ root: folder, env: { A: "set" }, mount: join(folder, "mount") });
      expect(["A", "B", "C", "D"].map((name) => source.find(name)?.unwrap())).toEqual([
        "set",
        "dotenv",
        "mounted",
        undefined,
      ]);
      expect(source.find("../.env")).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const secret = fc
    .string({ minLength: 6, maxLength: 30 })
    .filter((text) => /[^•\s]/.test(text) && !"•••".includes(text));

  test("a planted one never survives, whatever stands around it", () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.string(),
        (secrets, before, after) => {
          const redact = createRedactor(secrets);
          for (const value of secrets) {
            const encoded = Buffer.from(value).toString("base64");
            expect(redact(`${before}${value}${after}`)).not.toContain(value);
            expect(redact(`${before}?x=${encodeURIComponent(value)}&${after}`)).not.toContain(
              encodeURIComponent(value),
            );
            expect(redact(`${before}${encoded}${after}`)).not.toContain(encoded);
            const deep = redactDeep({ a: [{ b: `${before}${value}` }], c: new Secret("c", value) }, redact);
            expect(JSON.stringify(deep)).not.toContain(JSON.stringify(value).slice(1, -1));
          }
        },
      ),
    );
  });

  test.each([
    ["postgres://app:hunter2hunter2@db/app", "hunter2hunter2"],
    ["password=hunter2", "hunter2"],
    ['{"apiKey": "abc def"}', "abc def"],
    ["Authorization: Bearer abcdef", "abcdef"],
    [`ghp_${"a".repeat(36)}`, "aaaa"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "MIIE"],
  ])("an unknown one is known by its shape: %s", (text, value) => {
    expect(createRedactor()(text)).not.toContain(value);
  });

  test("does not print itself", () => {
    const value = new Secret("NAME", "hidden-value");
    for (const text of [String(value), JSON.stringify({ value }), `${value}`]) expect(text).not.toContain("hidden");
  });
});

test("startOrder: each service once, after what it depends on", () => {
  const graph = fc
    .array(fc.array(fc.nat(7), { maxLength: 4 }), { minLength: 1, maxLength: 8 })
    .map((edges) =>
      Object.fromEntries(
        edges.map((targets, index) => [
          `s${index}`,
          { depends_on: targets.filter((target) => target < index).map((target) => `s${target}`) },
        ]),
      ),
    );
  fc.assert(
    fc.property(graph, (services) => {
      const order = startOrder(services);
      expect([...order].sort()).toEqual(Object.keys(services).sort());
      for (const [name, { depends_on }] of Object.entries(services))
        for (const need of depends_on) expect(order.indexOf(need)).toBeLessThan(order.indexOf(name));
    }),
  );
});
