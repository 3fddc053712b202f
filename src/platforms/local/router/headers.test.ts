import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { clientKey, endToEnd, requestPath, responseHeaders } from "./headers.ts";

test("hop-by-hop fields and those that Connection names do not pass; the others keep order, case and number", () => {
  const raw = [
    "Host",
    "a",
    "Connection",
    "close, X-Trace",
    "X-Trace",
    "1",
    "TE",
    "trailers",
    "Set-Cookie",
    "a=1",
    "Set-Cookie",
    "b=2",
    "Upgrade",
    "h2c",
  ];
  expect(endToEnd(raw)).toEqual(["Host", "a", "Set-Cookie", "a=1", "Set-Cookie", "b=2"]);
});

test("Connection cannot strip the length, the host or credentials", () => {
  const raw = [
    "Connection",
    "content-length, host, cookie, authorization",
    "Content-Length",
    "3",
    "Host",
    "a",
    "Cookie",
    "c",
    "Authorization",
    "x",
  ];
  expect(endToEnd(raw)).toEqual(raw.slice(2));
});

test("nothing hop-by-hop is ever left", () => {
  const name = fc.constantFrom(
    "Connection",
    "keep-alive",
    "Transfer-Encoding",
    "TE",
    "Upgrade",
    "X-A",
    "x-b",
    "Content-Type",
  );
  const value = fc.constantFrom("X-A", "x-b, close", "chunked", "v");
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (fields) => {
      const kept = endToEnd(fields.flat())
        .filter((_, index) => index % 2 === 0)
        .map((text) => text.toLowerCase());
      const named = fields
        .filter(([field]) => field === "Connection")
        .flatMap(([, text]) => text.toLowerCase().split(", "));
      for (const field of kept)
        expect(["x-a", "x-b", "content-type"].includes(field) && !named.includes(field)).toBe(true);
    }),
  );
});

test("the release is ours, whatever the target claims", () => {
  expect(responseHeaders(["X-Stationmaster-Release", "forged", "A", "b"], "r7")).toEqual([
    "A",
    "b",
    "x-stationmaster-release",
    "r7",
  ]);
});

test("request targets", () => {
  expect(requestPath("/a?b#c")).toEqual({ path: "/a?b#c", authority: undefined });
  expect(requestPath("*")).toEqual({ path: "*", authority: undefined });
  expect(requestPath("http://example.org:81/a?b")).toEqual({ path: "/a?b", authority: "example.org:81" });
  expect(requestPath("http://example.org?b")).toEqual({ path: "/?b", authority: "example.org" });
  expect(requestPath("http://user@example.org/")).toBeUndefined();
  expect(requestPath("ftp://example.org/")).toBeUndefined();
});

test.each([
  ["client", { cookie: "sid=7" }, "10.0.0.1 me"],
  ["cookie:sid", { cookie: "a=b; sid=7; c=d" }, "7"],
  ["cookie:sid", { cookie: "nosid=7" }, "10.0.0.1 me"],
  ["cookie:sid", { cookie: "sid=" }, "10.0.0.1 me"],
  ["cookie:sid", {}, "10.0.0.1 me"],
])("who asks by %s with %j is %s", (key, headers, who) => {
  const request = { socket: { remoteAddress: "10.0.0.1" }, headers: { "user-agent": "me", ...headers } };
  expect(clientKey(request as unknown as IncomingMessage, key)).toBe(who);
});
