import { expect, test } from "vitest";
import { CheckSchema } from "./checks.ts";

const mistakes = (check: object) =>
  CheckSchema.safeParse(check).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

test.each([
  {
    url: "https://example.com/",
    redirects: 0,
    max_body: "1MiB",
    tls: { ca: "/etc/ca.pem" },
    ip: 4,
    expect: { cert: "14d" },
  },
  { tcp: "mail:25", starttls: "smtp", send: "QUIT\r\n", expect: { matches: "^221" } },
  { tls: "example.com:443", servername: "shop.example.com", warn: "30d", issuer: "Test", ip: 6 },
  { dns: "example.com", type: "MX", resolver: "1.1.1.1:53", equals: ["10 mail.example.com"], rcode: "NOERROR" },
  { ping: "10.0.0.1", count: 5, max_loss: 20 },
  { browser: "https://example.com/", every: "5m", selector: "#app", no_console_errors: true, budget: "3s" },
  { tcp: "a:1", every: "1s", timeout: "1s" },
  { tcp: "a:1", every: "60s", timeout: "30s", runbook: "https://wiki/x", depends_on: ["db"], keep_raw: true },
])("%j is a check", (check) => {
  expect(mistakes(check)).toEqual([]);
});

test.each([
  [{ tls: "a:1", expect: { status: 200 } }, "expect: a `tls` check has no `expect`"],
  [{ url: "http://x", warn: "3d" }, "warn: a `url` check has no `warn`"],
  [{ url: "http://x", tls: "a:1" }, "tls: with `url`, `tls` has the keys ca, cert and key"],
  [{ tls: { ca: "x" } }, "tls: must be host:port"],
  [{ url: "http://x", expect: "text" }, "expect: must have keys such as status and body"],
  [{ tcp: "a:1", expect: { status: 200 } }, "expect: must be text, or have keys such as contains and matches"],
  [{ tcp: "a:1", ping: "a" }, ": a check has exactly one of"],
  [{}, ": a check has exactly one of"],
  [{ browser: "https://x/", every: "1m" }, "every: a `browser` check runs every 5m or less often"],
  [{ tcp: "a:1", every: "0s" }, "every: must be between 100ms and 1d"],
  [{ tcp: "a:1", every: "30d" }, "every: must be between 100ms and 1d"],
  [{ tcp: "a:1", timeout: "0s" }, "timeout: must be above 0"],
  [{ heartbeat: { period: "0s", grace: "1m" } }, "heartbeat.period: must be at least 1s"],
  [{ heartbeat: { period: "1h", grace: "99999999d" } }, "heartbeat.grace: must be at most 3650d"],
  [{ heartbeat: { period: `${"9".repeat(400)}d`, grace: "1m" } }, "heartbeat.period: must be at most 3650d"],
  [{ url: "http://x", expect: { body: { matches: "(" } } }, "expect"],
  [{ ping: "-f" }, "ping: a host name or an IP address"],
  [{ url: "http://x", max_body: "1GiB" }, "max_body: a size such as 512B, 64KiB or 1MiB"],
  [{ url: "http://x", expect: { json: { "$.a[?(@.b)]": 1 } } }, "expect"],
  [{ url: "http://x", runbook: "javascript:alert(1)" }, "runbook: "],
])("%j is refused", (check, says) => {
  expect(mistakes(check)[0]).toContain(says);
});

test("a timeout above half the interval is refused with the reason, and bent only where nobody gave one", () => {
  expect(mistakes({ tcp: "a:1", every: "10s", timeout: "6s" })).toEqual([
    "timeout: a run may take at most half of `every`, or runs would catch up with each other: 5 s",
  ]);
  expect(mistakes({ tcp: "a:1", every: "10s" })).toEqual([]);
});

test.each([
  [{}, 60_000],
  [{ critical: true }, 30_000],
  [{ critical: true, every: "2m" }, 120_000],
])("%j runs every %i ms", (keys, everyMs) => {
  expect(CheckSchema.parse({ steps: [{ get: "http://x/" }], ip: 6, ...keys }).every).toBe(everyMs);
});
