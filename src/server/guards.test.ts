import fc from "fast-check";
import { expect, test } from "vitest";
import { eventBacklog, lineBacklog } from "./backlog.ts";
import { hostAllowed, hostName, isJson, isLoopback, originAllowed, tokenMatches } from "./guards.ts";

test.each(["localhost", "LOCALHOST", "app.localhost", "127.0.0.1", "127.9.8.7", "::1", "[::1]"])(
  "%s is this machine",
  (host) => expect(isLoopback(host)).toBe(true),
);

test.each(["0.0.0.0", "10.0.0.1", "::", "127.0.0.1.evil.example", "localhost.evil.example", "127.1", "2130706433", ""])(
  "%s may be another machine",
  (host) => expect(isLoopback(host)).toBe(false),
);

test("a Host header is read with and without port, and nothing else in it", () => {
  expect(hostName("LocalHost:4700")).toBe("localhost");
  expect(hostName("[::1]:4700")).toBe("[::1]");
  for (const wrong of [undefined, "", "a b", "user@localhost", "localhost:port", "localhost/x", "::1"])
    expect(hostName(wrong)).toBeUndefined();
});

test("a name pointed at the loopback address is refused, the configured host is not", () => {
  expect(hostAllowed("rebound.example:4700", "127.0.0.1")).toBe(false);
  expect(hostAllowed("box.internal:4700", "box.internal")).toBe(true);
  expect(hostAllowed(undefined, "127.0.0.1")).toBe(false);
});

test("a change comes from the own page or from a program", () => {
  const host = "127.0.0.1:4700";
  const from = (origin?: string, fetchSite?: string) => originAllowed({ origin, fetchSite, host });
  expect(from()).toBe(true);
  expect(from("http://127.0.0.1:4700", "same-origin")).toBe(true);
  expect(from(undefined, "none")).toBe(true);
  for (const origin of [
    "null",
    "",
    "http://127.0.0.1:4701",
    "http://evil.example",
    "http://127.0.0.1:4700.evil.example",
  ])
    expect(from(origin)).toBe(false);
  for (const site of ["cross-site", "same-site", ""]) expect(from("http://127.0.0.1:4700", site)).toBe(false);
});

test("only the token itself matches", () => {
  expect(tokenMatches("Bearer s3cret", "s3cret")).toBe(true);
  expect(tokenMatches("bearer s3cret", "s3cret")).toBe(true);
  fc.assert(
    fc.property(fc.string(), (given) => {
      fc.pre(given.trim() !== "s3cret");
      expect(tokenMatches(`Bearer ${given}`, "s3cret")).toBe(false);
    }),
  );
  for (const wrong of [undefined, "", "s3cret", "Basic s3cret", "Bearer"])
    expect(tokenMatches(wrong, "s3cret")).toBe(false);
});

test("JSON is application/json with or without parameters", () => {
  expect(isJson("application/json; charset=utf-8")).toBe(true);
  for (const wrong of [undefined, "text/plain", "application/jsonp", "text/plain; application/json"])
    expect(isJson(wrong)).toBe(false);
});

test("events that say the same wait once", () => {
  const backlog = eventBacklog();
  for (let i = 0; i < 1_000; i += 1) {
    backlog.put({ type: "status" });
    backlog.put({ type: "rollout", id: `ro-${i % 2}` });
  }
  const waiting = [{ type: "status" }, { type: "rollout", id: "ro-0" }, { type: "rollout", id: "ro-1" }];
  expect(backlog.take()).toEqual(waiting);
  expect(backlog.take()).toEqual([]);
});

test("lines keep their order; what does not fit is counted, never silently lost", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), (count) => {
      const backlog = lineBacklog(10);
      for (let i = 0; i < count; i += 1) backlog.put({ replica: "a", text: String(i) });
      const taken = backlog.take();
      const notice = /^… (\d+) lines left out/.exec(taken[0]?.text ?? "");
      const kept = (notice ? taken.slice(1) : taken).map((line) => Number(line.text));
      expect(kept.length).toBeLessThanOrEqual(20);
      expect(Number(notice?.[1] ?? 0) + kept.length).toBe(count);
      expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => count - kept.length + index));
    }),
  );
});
