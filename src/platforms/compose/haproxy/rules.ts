import { BUCKETS } from "./map.ts";
import type { ProxyRoute } from "./route.ts";

/** Proxies between a client and us that may stand in `X-Forwarded-For` one after the other. */
const MOST_HOPS = 4;
const LOOPBACK = ["127.0.0.0/8", "::1"];

/**
 * A worker that a reload has left still gets requests on connections that clients kept, but it takes no changes of its servers
 * any more ("Proxy is disabled"). So it passes them on to the worker after it, and with them those that it holds.
 */
const PASS_ON = [
  "  http-request set-var(txn.backend) str(next) if { stopping }",
  "  http-request allow if { stopping }",
];

/**
 * Who is believed about the client: a proxy on this machine, a worker of ours, and for each route those it trusts. The client is
 * the last address in `X-Forwarded-For` that is none of them; what others say there is thrown away. Lists are a line an item, as
 * HAProxy takes 64 words a line.
 */
function forwardedRules(routes: readonly ProxyRoute[]): { rules: string[]; client: string[] } {
  const lists = Map.groupBy(
    routes.filter(({ trusted = [] }) => trusted.length > 0),
    ({ trusted = [] }) => trusted.join(" "),
  );
  const groups = [...lists].map(([list, members], index) => ({
    test: `behind_${index} trusted_${index}`,
    lines: [
      ...members.map(({ name }) => `  acl behind_${index} var(txn.route) -m str ${name}`),
      ...list.split(" ").map((address) => `  acl trusted_${index} var(txn.client) -m ip ${address}`),
    ],
  }));
  const tests = ["local", ...groups.map(({ test }) => test)];
  const hops = Array.from({ length: MOST_HOPS }, (_, index) => `req.hdr_ip(x-forwarded-for,-${index + 1})`);
  return {
    rules: [
      ...LOOPBACK.map((address) => `  acl local var(txn.client) -m ip ${address}`),
      ...groups.flatMap(({ lines }) => lines),
      "  http-request set-var(txn.client) src",
      ...tests.map((test) => `  http-request set-var(txn.believed) bool(true) if ${test}`),
      "  acl believed var(txn.believed) -m found",
      "  acl passed_on fe_name next",
      "  acl told_scheme req.hdr(x-forwarded-proto) -m found",
      "  acl told_host req.hdr(x-forwarded-host) -m found",
      "  http-request del-header x-forwarded-for if !believed",
      "  http-request set-var(txn.told) bool(true) if believed told_scheme or passed_on told_scheme",
      "  http-request set-header x-forwarded-proto https if { ssl_fc } !{ var(txn.told) -m found }",
      "  http-request set-header x-forwarded-proto http if !{ ssl_fc } !{ var(txn.told) -m found }",
      "  http-request set-header x-forwarded-host %[req.hdr(host)] if !believed !passed_on or !told_host",
    ],
    client: hops.flatMap((hop) =>
      tests.map((test) => `  http-request set-var(txn.client) ${hop} if ${test} { ${hop} -m found }`),
    ),
  };
}

/** Route, hold, bucket and side of every request; the map says all that differs between routes, but for whom they trust. */
export function requestRules(map: string, routes: readonly ProxyRoute[]): string[] {
  const [found, text] = [`map_str(${map})`, "content-type text/plain string"];
  const places = [
    "%[dst]:%[dst_port]/%[var(txn.host)]",
    "*:%[dst_port]/%[var(txn.host)]",
    "%[dst]:%[dst_port]/*",
    "*:%[dst_port]/*",
  ];
  const grant = `http-request set-var(txn.grant) var(txn.route),${found}`;
  const forwarded = forwardedRules(routes);
  return [
    "defaults routed from all",
    "  log ring@requests format raw local0 info",
    '  log-format "%rt %[var(txn.route)] %s %ST %Ta %ts"',
    "  http-request set-var(txn.host) req.hdr(host),host_only,lower",
    ...places.flatMap((place) => [
      `  http-request set-var-fmt(txn.at) "${place}" unless { var(txn.route) -m found }`,
      `  http-request set-var(txn.route) var(txn.at),${found} unless { var(txn.route) -m found }`,
    ]),
    ...forwarded.rules,
    ...PASS_ON,
    `  http-request return status 404 ${text} "no service has this host name" unless { var(txn.route) -m found }`,
    ...forwarded.client,
    `  ${grant}`,
    "  http-request set-var(txn.hold) var(txn.grant),field(3,:)",
    "  http-request set-var(txn.wait) date(0,ms),neg,add(txn.hold)",
    '  http-request set-var-fmt(txn.at) "@%[var(txn.route)]"',
    `  http-request set-var(txn.health) var(txn.at),${found}`,
    "  acl held var(txn.wait) -m int gt 0",
    "  acl health var(txn.health) -m found",
    `  http-request return status 200 ${text} "held" if held health { path,strcmp(txn.health) eq 0 }`,
    "  http-request lua.hold if held",
    ...PASS_ON,
    `  http-request return status 503 ${text} "too many requests wait" hdr retry-after 1 if { var(txn.crowded) -m found }`,
    `  ${grant}`,
    "  http-request set-var(txn.share) var(txn.grant),field(1,:)",
    "  http-request set-var(txn.until) var(txn.grant),field(2,:)",
    "  http-request set-var(txn.by) var(txn.grant),field(5,:)",
    "  http-request set-var(txn.cookie) var(txn.grant),field(6,:)",
    '  http-request set-var-fmt(txn.who) "%[var(txn.client)] %[req.hdr(user-agent)]"',
    "  http-request set-var(txn.own) lua.key_cookie if { var(txn.by) -m str cookie }",
    "  http-request set-var(txn.who) var(txn.own) if { var(txn.own) -m len gt 0 }",
    '  http-request set-var-fmt(txn.key) "%[var(txn.who)] %[var(txn.grant),field(4,:)]"',
    "  http-request set-var(txn.left) date(0,ms),neg,add(txn.until)",
    `  http-request set-var(txn.bucket) var(txn.key),crc32,mod(${BUCKETS})`,
    `  http-request set-var(txn.bucket) rand(${BUCKETS}) if { var(txn.by) -m str random }`,
    "  http-request set-var(txn.gap) var(txn.bucket),neg,add(txn.share)",
    '  http-request set-var-fmt(txn.stable) "%[var(txn.route)].stable"',
    '  http-request set-var-fmt(txn.candidate) "%[var(txn.route)].candidate"',
    "  acl granted var(txn.left) -m int gt 0",
    "  acl shared var(txn.share) -m int gt 0",
    "  acl in_share var(txn.gap) -m int gt 0",
    "  acl candidate_up var(txn.candidate),nbsrv gt 0",
    "  acl stable_up var(txn.stable),nbsrv gt 0",
    "  http-request set-var(txn.backend) var(txn.stable)",
    "  http-request set-var(txn.backend) var(txn.candidate) if granted candidate_up in_share or granted shared candidate_up !stable_up",
    // The worker it is passed on to does the rest.
    "  http-response set-log-level silent if { be_name next }",
    "  http-response allow if { be_name next }",
    '  http-response set-var-fmt(txn.at) "%[srv_name]@%[var(txn.route)]"',
    `  http-response set-header x-stationmaster-release %[var(txn.at),${found},field(2,:),url_dec]`,
    "  acl stream status 101",
    "  acl stream res.hdr(content-type) -m beg -i text/event-stream",
    "  http-response track-sc0 srv_name table streams if stream",
    // Its time says nothing about the release.
    "  http-response set-log-level silent if stream",
    "backend streams from all",
    "  stick-table type string len 128 size 100k expire 1m store conn_cur",
  ];
}
