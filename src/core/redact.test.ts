import { describe, expect, test } from "vitest";
import { createRedactor, redactDeep, Secret } from "./redact.ts";

const PEM = `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj
MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu
}
-----END PRIVATE KEY-----`;

describe("a value that was learned", () => {
  const value = 'p@ss "w/o+rd" <é>\\end';
  const redact = createRedactor([value, PEM]);

  test.each<[string, (text: string) => string]>([
    ["as it is", (text) => text],
    ["in JSON", (text) => JSON.stringify({ a: [text] })],
    ["in JSON in JSON", (text) => JSON.stringify({ message: JSON.stringify({ a: text }) })],
    ["in a query", (text) => `https://host/?q=${encodeURIComponent(text)}&b=1`],
    ["in a form", (text) => new URLSearchParams({ q: text, b: "1" }).toString()],
    ["in base64", (text) => Buffer.from(text).toString("base64")],
    ["in base64 with a line end", (text) => Buffer.from(`${text}\n`).toString("base64")],
    ["in base64 of addresses", (text) => Buffer.from(text).toString("base64url")],
  ])("is found %s", (_, write) => {
    for (const secret of [value, PEM]) {
      const found = redact(`before ${write(secret)} after`);
      expect(found).toMatch(/^before .*•••.* after$/s);
      for (const trace of ["w/o", "w%2F", "MIIEvQ", "TUlJR", Buffer.from(value).toString("base64").slice(0, 12)])
        expect(found).not.toContain(trace);
    }
  });

  test("line by line, as a log has it; short lines stay what they are", () => {
    const lines = PEM.split("\n").map((line) => redact(`| ${line}`));
    expect(lines.join("\n")).not.toMatch(/MII|Mz/);
    expect(redact("function () {\n}")).toBe("function () {\n}");
    expect(redact("MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu")).toBe("•••");
  });

  test("later ones too, half characters included; too short ones would blank everything", () => {
    const own = createRedactor();
    expect(own("plain-one")).toBe("plain-one");
    for (const late of ["plain-one", "half \ud800 character", "abc"]) own.learn(late);
    expect(own("plain-one abc half \ud800 character")).toBe("••• abc •••");
  });
});

describe("an unknown one is known by its name", () => {
  const redact = createRedactor();

  test.each([
    ["password=hunter2 next", "password=••• next"],
    ['{"token":"x","id":1}', '{"token":"•••","id":1}'],
    ['{"token": "say \\"x\\"", "id": 1}', '{"token": "•••", "id": 1}'],
    ['{"message":"{\\"token\\":\\"x\\",\\"id\\":1}"}', '{"message":"{\\"token\\":\\"•••\\",\\"id\\":1}"}'],
    ['"{\\\\\\"api_key\\\\\\": \\\\\\"x\\\\\\"}"', '"{\\\\\\"api_key\\\\\\": \\\\\\"•••\\\\\\"}"'],
    ["{ dbPassword: 'x y', id: 1 }", "{ dbPassword: '•••', id: 1 }"],
    ['{"secret": "cut off', '{"secret": "•••"'],
    ["Authorization: Bearer abc.def", "Authorization: •••"],
    ["redis://:pass@host/0 and postgres://u:p@h", "redis://:•••@host/0 and postgres://u:•••@h"],
  ])("%s", (text, wanted) => {
    expect(redact(text)).toBe(wanted);
    expect(redact(redact(text))).toBe(wanted);
  });

  test.each([
    "the secret API_KEY is not set (used in services.api.env)",
    "write ${secret:API_KEY} there, or password: ${secret:DB_PASSWORD}",
    "postgres://app:${secret:DB_PASSWORD}@db and ${secret:A}:${secret:B}@",
    'authorization: "Bearer ${token}"',
    "enter the password:\nthank you",
    '"tokens": 12, "secret": { "name": "x" }',
    '{"url":"http://127.0.0.1:4700","by":"me@example.com"}',
  ])("nothing to hide in: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("a reference does not protect what stands around it", () => {
    expect(redact("token=abc ${secret:X} token=abc")).toBe("token=••• ${secret:X} token=•••");
    expect(createRedactor(["${secret:X}y"])("is ${secret:X}y")).toBe("is •••");
  });
});

test("no text makes it slow: time grows with the length, not with its square", () => {
  const redact = createRedactor([PEM, "hunter2hunter2"]);
  const size = 400_000;
  const pieces = ["a", "token", "a.", "-eyJ", "sk-", 'token="', '\\"', "password=\\", "://", "://a:b", "${a", "-", " "];
  const begin = performance.now();
  for (const piece of pieces) redact(`token=${piece.repeat(size / piece.length)}`);
  expect(performance.now() - begin).toBeLessThan(15_000);
}, 120_000);

test("values may be many and long", () => {
  const long = "kB7x".repeat(30_000);
  const many = Array.from({ length: 3_000 }, (_, index) => `value-${index}-of-many`);
  const redact = createRedactor();
  const begin = performance.now();
  for (const value of [...many, long, `${long}x`]) redact.learn(value);
  expect(redact(`a ${long}x ${many[2_999]} ${long} ${JSON.stringify(many[0])}`)).toBe('a ••• ••• ••• "•••"');
  expect(performance.now() - begin).toBeLessThan(5_000);
});

test("deep: every string of plain data, and nothing else", () => {
  const at = new Date(0);
  const data = { a: ["x plain-one"], b: { c: new Secret("c", "v") }, n: 1, at, none: null };
  expect(redactDeep(data, createRedactor(["plain-one"]))).toEqual({
    a: ["x •••"],
    b: { c: "•••" },
    n: 1,
    at,
    none: null,
  });
});
