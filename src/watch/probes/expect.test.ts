import { expect, test } from "vitest";
import { Expect } from "../../config/expect.ts";
import { evaluate } from "./expect.ts";
import type { HttpAnswer } from "./http/request.ts";

const DAY = 86_400_000;
const answer: HttpAnswer = {
  status: 200,
  headers: { "x-version": "2" },
  text: JSON.stringify({ parts: [{ state: "up" }, { state: "down" }], queue: [1, 5] }),
  outside: false,
  truncated: false,
  maxBody: 262_144,
  certificate: { name: "shop.example.com", notAfter: Date.UTC(2026, 11, 1, 8, 30), leftMs: 9 * DAY },
  phases: { resolve: 1, connect: 2, tls: 300, processing: 40, transfer: 5 },
  durationMs: 348,
};
const judge = (wanted: object, more: Partial<HttpAnswer> = {}) =>
  evaluate(Expect.parse(wanted), { ...answer, ...more });

test("upper bounds of phases", () => {
  expect(judge({ phase: { connect: "10ms", tls: "1s" } })).toBeNull();
  expect(judge({ phase: { tls: "250ms", processing: "20ms" } })).toEqual({
    outcome: "slow",
    class: "slow",
    family: "latency",
    detail: "tls took 300 ms, expected at most 250 ms; processing took 40 ms, expected at most 20 ms",
  });
});

test("lower bounds of times: what is too fast is not the answer that was meant", () => {
  expect(judge({ latency: { above: "300ms", below: "400ms" }, phase: { tls: { above: "300ms" } } })).toBeNull();
  expect(judge({ latency: { below: "100ms" }, phase: { tls: { above: "1s" } } })).toEqual({
    outcome: "fail",
    class: "assertion",
    family: "availability",
    detail: "took 348 ms, expected at most 100 ms; tls took 300 ms, expected at least 1000 ms",
  });
});

test("how long the certificate may still be valid", () => {
  expect(judge({ cert: { above: "7d", below: "90d" } })).toBeNull();
  expect(judge({ cert: { above: "14d" } })).toMatchObject({ outcome: "slow", class: "tls-expiring" });
  expect(judge({ cert: { below: "7d" } })).toMatchObject({
    ...{ outcome: "fail", class: "assertion" },
    detail: "the certificate of shop.example.com is valid for 9 d, expected at most 7 d",
  });
});

test("bounds that say nothing or contradict each other are refused", () => {
  for (const wrong of [{}, { above: "2s", below: "1s" }, { over: "1s" }])
    expect(Expect.safeParse({ latency: wrong }).success).toBe(false);
});

test("how long the certificate must still be valid", () => {
  expect(judge({ cert: "7d" })).toBeNull();
  expect(judge({ cert: "14d" })).toEqual({
    outcome: "slow",
    class: "tls-expiring",
    family: "tls",
    detail: "the certificate of shop.example.com expires on 2026-12-01 08:30 UTC, in 9 d",
  });
  expect(judge({ cert: "1d" }, { certificate: undefined })).toMatchObject({ outcome: "fail", class: "assertion" });
});

test("all failures are told; the first in order gives the class", () => {
  const failure = judge({ status: 500, header: { "x-version": "3" }, latency: "10ms", cert: "30d" });
  expect(failure).toMatchObject({ outcome: "fail", class: "assertion" });
  for (const part of ["answered 200", "x-version", "took 348 ms", "expires on"])
    expect(failure?.detail).toContain(part);
  expect(judge({ latency: "10ms", cert: "30d" })).toMatchObject({ outcome: "slow", class: "slow" });
});

test("of a path that selects several values all are compared", () => {
  expect(judge({ json: { "$.parts[*].state": "up" } })).toMatchObject({
    class: "assertion",
    detail: '$.parts[*].state is "down", expected "up"',
  });
  expect(judge({ json: { "$.queue[*]": { above: 0, below: 10 }, "$.gone[*]": { exists: false } } })).toBeNull();
  expect(judge({ json: { "$.gone[*]": "x" } })).toMatchObject({ class: "assertion" });
  const many = { text: JSON.stringify(Array.from({ length: 10_000 }, () => "a".repeat(20))) };
  expect(judge({ json: { "$[*]": { matches: "^b" } } }, many)?.detail?.split("; ")).toHaveLength(3);
});
