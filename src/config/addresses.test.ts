import { expect, test } from "vitest";
import { parseManifest } from "./load.ts";
import { GOOD, refusal } from "./testing.ts";

const withCheck = (check: string) => `${GOOD}checks:\n  c:\n    ${check}\n`;
const LINE = GOOD.split("\n").length + 2;

test.each([
  ['url: "http://["', "checks.c.url must be an http or https URL"],
  ["url: example.com", "checks.c.url must be"],
  ['url: "http://user:hunter22@:80/"', "checks.c.url must be"],
  ["url: ftp://example.com/", "checks.c.url must be"],
  ['url: "http://example.com:99999/"', "checks.c.url must be"],
  ['{ browser: "about:blank", every: 5m }', "checks.c.browser must be"],
  ['steps: [{ get: "https://example.com/" }, { post: /login }]', "checks.c.steps.1.post must be"],
  ['tcp: "example.com:99999"', "checks.c.tcp must be host:port with a port from 1 to 65535"],
  ['tcp: "example.com:0"', "checks.c.tcp must be"],
  ['tcp: "::1:80"', "checks.c.tcp must be"],
  ['tls: "http://example.com:443"', "checks.c.tls must be"],
  ['redis: "http://127.0.0.1:6379"', "checks.c.redis must be a URL such as redis://"],
  ['redis: "redis:"', "checks.c.redis must be"],
])("the address of %s is refused where it stands", (check, says) => {
  const said = refusal(withCheck(check));
  expect(said).toContain(says);
  expect(said).toContain(`m.yaml:${LINE}: `);
  expect(said).toContain("SM-CONFIG-VALUE");
  expect(said).not.toContain("hunter22");
});

test.each([
  'url: "http://[::1]:8080/a?b=c"',
  'url: "${service:api}/health"',
  'url: "http://[${secret:HOST}"',
  'steps: [{ get: "https://example.com/${token}" }, { post: "${next}" }]',
  'tcp: "[fe80::1%eth0]:443"',
  'tcp: "mail_1.example.com:65535"',
  'tcp: "${secret:MAIL}:25"',
  'redis: "rediss://user:p%40ss@cache.example.com/1"',
])("%s is left to the start, or right", (check) => {
  expect(Object.keys(parseManifest(withCheck(check)).checks)).toEqual(["c"]);
});

test("so are those of anchors and of the mail server", () => {
  expect(refusal(`${GOOD}watch: { anchors: ["1.1.1.1:70000"] }\n`)).toContain("watch.anchors.0 must be");
  const mail = '{ kind: email, server: "mail:0", from: a@b.c, to: [a@b.c] }';
  expect(refusal(`${GOOD}notify: { mail: ${mail} }\n`)).toContain("notify.mail.server must be");
});
