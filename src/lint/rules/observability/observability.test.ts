import { describe, expect, test } from "vitest";
import { grafanaSchema } from "../../validators/grafana.ts";
import { promql } from "../../validators/promql.ts";
import { expectedService, judge, validated } from "../testing.ts";
import { observability } from "./observability.ts";

const RULES_PATH = "observability/prometheus/rules.yml";
const RULES = `groups:
  - name: shop-slo
    interval: 30s
    rules:
      - record: shop:errors:ratio_rate5m
        expr: sum(rate(http_requests_total{job="shop",code=~"5.."}[5m])) / sum(rate(http_requests_total{job="shop"}[5m]))
      - alert: ShopErrorBudgetBurn
        expr: |
          shop:errors:ratio_rate1h > (14.4 * 0.001)
          and
          shop:errors:ratio_rate5m > (14.4 * 0.001)
        labels: { severity: page }
        annotations:
          summary: Shop uses up its error budget.
          runbook_url: docs/runbooks/burn.md#first-steps
      - alert: ShopDown
        expr: up{job="shop"} == 0
        for: 2m
        labels: { severity: page }
        annotations: { summary: "{{ $labels.instance }} is down.", runbook_url: "https://example.org/down" }
`;
const TESTS = `rule_files: [rules.yml]
tests:
  - interval: 1m
    alert_rule_test:
      - { eval_time: 5m, alertname: ShopDown }
      - { eval_time: 5m, alertname: ShopErrorBudgetBurn }
`;
const CLEAN = {
  [RULES_PATH]: RULES,
  "observability/prometheus/rules.test.yml": TESTS,
  "docs/runbooks/burn.md": "# Burn",
};

const DASHBOARD = JSON.stringify(
  {
    uid: "shop",
    title: "Shop",
    schemaVersion: 41,
    templating: { list: [{ name: "datasource", type: "datasource", query: "prometheus" }] },
    panels: [
      {
        id: 1,
        type: "row",
        title: "More",
        collapsed: true,
        gridPos: { x: 0, y: 0, w: 24, h: 1 },
        panels: [{ id: 3, type: "stat", title: "Up", targets: [] }],
      },
      {
        id: 2,
        type: "timeseries",
        title: "Requests",
        datasource: { type: "prometheus", uid: "${datasource}" },
        gridPos: { x: 0, y: 1, w: 12, h: 8 },
        targets: [
          {
            refId: "A",
            expr: 'sum by (code) (rate(http_requests_total{job="$job", ns=~"${ns:regex}"}[$__rate_interval]))',
          },
        ],
      },
    ],
  },
  null,
  2,
);

describe("sound files", () => {
  test("rules with their tests and pages", async () => {
    expect(judge([observability], CLEAN)).toEqual([]);
    expect(await validated(promql, CLEAN)).toEqual([]);
  });

  test("a dashboard", async () => {
    const files = { "observability/grafana/shop.json": DASHBOARD };
    expect(judge([observability], files)).toEqual([]);
    expect(await validated(grafanaSchema, files)).toEqual([]);
    expect(await validated(promql, files)).toEqual([]);
  });

  test("rules of the operator", async () => {
    const text = `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: { name: shop }\nspec:\n${RULES.replace(/^/gm, "  ")}`;
    const files = { "k8s/rules.yaml": text.trimEnd(), "docs/runbooks/burn.md": "" };
    expect(judge([observability], files)).toEqual([]);
    expect(await validated(promql, files)).toEqual([]);
    const broken = await validated(promql, { "k8s/rules.yaml": text.replace("== 0", "== ") });
    expect(broken).toEqual([expect.stringMatching(/^promql error k8s\/rules\.yaml:21 /)]);
  });
});

const CASES: readonly (readonly [name: string, from: string | RegExp, to: string, told: readonly RegExp[]])[] = [
  ["fires at once", "        for: 2m\n", "", [/^SM59 warning .*:16 ShopDown fires at the first/]],
  ["absence waits by itself", /expr: up.*\n {8}for: 2m\n/, 'expr: absent(up{job="shop"})\n', []],
  ["a duration that is none", "for: 2m", "for: 2 minutes", [/^SM59 error .*no duration/]],
  [
    "no severity",
    "        for: 2m\n        labels: { severity: page }\n",
    "        for: 2m\n",
    [/^SM59 warning .*severity/],
  ],
  ["no summary", 'summary: "{{ $labels.instance }} is down.", ', "", [/^SM59 warning .*summary/]],
  ["no page", ', runbook_url: "https://example.org/down"', "", [/^SM59 note .*runbook_url/]],
  ["a page that is not there", "docs/runbooks/burn.md", "docs/runbooks/bnur.md", [/^SM59 warning .*:15 .*bnur\.md/]],
  ["one window", / {10}and\n.*\n/, "", [/^SM59 warning .*one window/]],
  ["two groups of a name", /$/, "  - name: shop-slo\n    rules: []\n", [/^SM59 error .*two groups/]],
  ["an alert nobody tests", "alert: ShopDown", "alert: ShopGone", [/^SM59 warning .*ShopGone/]],
  ["neither alert nor record", "- alert: ShopDown", "- alrt: ShopDown", [/^SM59 error .*`alert` or a `record`/]],
  [
    "a recorded series that waits",
    "record: shop:errors:ratio_rate5m\n",
    "record: shop:errors:ratio_rate5m\n        for: 1m\n",
    [/^SM59 error .*belongs to alerts/],
  ],
  [
    "a name that is none",
    "record: shop:errors:ratio_rate5m",
    "record: shop errors",
    [/^SM59 error .*no name of a series/],
  ],
  ["no expression", / {8}expr: up.*\n/, "", [/^SM59 error .*no `expr`/]],
];

test.each(CASES)("%s", (_, from, to, told) => {
  const text = RULES.replace(from, to);
  expect(text).not.toBe(RULES);
  const found = judge([observability], { ...CLEAN, [RULES_PATH]: text });
  expect(found).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
});

describe("series", () => {
  const service = expectedService({
    metrics: ["shop_orders_total", "shop_payment_duration_seconds", "http_request_duration_seconds"],
  });
  const code = {
    "src/metrics.ts": 'new Counter({ name: "shop_orders_total" });\nnew Gauge({ name: prefix + "stock_level" });\n',
  };
  const rules = (expr: string) => `groups:\n  - name: g\n    rules:\n      - record: shop:x:y\n        expr: ${expr}\n`;

  test.each([
    ["exported", "rate(shop_orders_total[5m])", []],
    ["parts of a histogram", "shop_payment_duration_seconds_bucket / http_request_duration_seconds_count", []],
    ["a letter off", "rate(shop_order_total[5m])", [/:5 no code exports shop_order_total, but shop_orders_total/]],
    [
      "without its unit",
      "rate(shop_payment_duration_count[5m])",
      [/but shop_payment_duration_seconds: this is always empty/],
    ],
    ["of the application, exported nowhere", "shop_refunds_total", [/^SM59 note .*exports shop_refunds_total/]],
    ["made by code that puts a word before it", "shop_stock_level", []],
    ["of others", "up and node_cpu_seconds_total and http_server_active", []],
    ["recorded", "shop:x:y > 1", []],
  ] as const)("%s", (_, expr, told) => {
    const found = judge([observability], { "rules.yml": rules(expr), ...code }, [service]);
    expect(found).toHaveLength(told.length);
    for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
    // Where nobody looked for metrics, nothing is known of any.
    expect(judge([observability], { "rules.yml": rules(expr), ...code })).toEqual([]);
  });

  test("of a dashboard", () => {
    const text = DASHBOARD.replace("http_requests_total", "shop_order_total");
    expect(judge([observability], { "d.json": text, ...code }, [service])).toEqual([
      expect.stringMatching(/^SM59 warning d\.json:\d+ no code exports shop_order_total/),
    ]);
  });
});

test("no tests at all are told once", () => {
  const found = judge([observability], { [RULES_PATH]: RULES, "docs/runbooks/burn.md": "" });
  expect(found).toEqual([expect.stringMatching(/^SM59 note .*no unit test is about these alerts/)]);
});

test("tests find rules by a pattern", () => {
  const files = {
    ...CLEAN,
    "observability/prometheus/rules.test.yml": TESTS.replace("[rules.yml]", "['../prometheus/*.yml']"),
  };
  expect(judge([observability], files)).toEqual([]);
});

describe("promql", () => {
  test.each([
    ["a bracket too few", "sum(rate(x[5m])", true],
    ["a range that is none", "rate(x[5 minutes])", true],
    ["nothing between", "a + + b or", true],
    ["a negative number", "a > -1", false],
    ["offsets and at", "rate(x[5m] offset 1h) / on (a) group_left sum(x @ end())", false],
    ["a subquery", "max_over_time(rate(x[5m])[1h:1m])", false],
    ["a histogram", "histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))", false],
  ])("%s", async (_, expr, broken) => {
    const text = `groups:\n  - name: a\n    rules:\n      - record: a:b\n        expr: '${expr}'\n`;
    const found = await validated(promql, { "r.yml": text });
    expect(found).toEqual(broken ? [expect.stringMatching(/^promql error r\.yml:5 no PromQL near/)] : []);
  });

  test.each([
    ["another language", { type: "loki", uid: "x" }, '{app="x"} |= "y" | json', 0],
    ["no type", undefined, '{app="x"} |= "y"', 0],
    ["variables", { type: "prometheus" }, 'rate($metric{a="[[b]]"}[$interval:$step]) offset $o > $limit', 0],
    ["broken", { type: "prometheus" }, "sum(rate(x[$__range]) by (a)", 1],
  ])("of a dashboard: %s", async (_, datasource, expr, count) => {
    const text = JSON.stringify({ schemaVersion: 1, panels: [{ type: "x", datasource, targets: [{ expr }] }] });
    expect(await validated(promql, { "d.json": text })).toHaveLength(count);
  });
});

describe("dashboards", () => {
  const change = (key: string, value: unknown) => JSON.stringify({ ...JSON.parse(DASHBOARD), [key]: value }, null, 1);

  test.each([
    [
      "no version",
      DASHBOARD.replace('"schemaVersion": 41', '"schemaVersion": "41"'),
      [/schemaVersion: the version of the form/],
    ],
    ["no title", change("title", undefined), [/title: the title/]],
    ["doubled ids", DASHBOARD.replace('"id": 2', '"id": 3'), [/panel "Requests" has the id of "Up"/]],
    ["a panel without a kind", change("panels", [{ id: 1 }]), [/panels\.0\.type: the kind/]],
    ["too wide", change("panels", [{ type: "x", gridPos: { x: 0, y: 0, w: 30, h: 1 } }]), [/panels\.0\.gridPos\.w/]],
    [
      "queries of one name",
      change("panels", [{ type: "x", targets: [{ refId: "A" }, { refId: "A" }] }]),
      [/share a refId/],
    ],
  ])("%s", async (_, text, told) => {
    const found = await validated(grafanaSchema, { "d.json": text });
    expect(found).toHaveLength(told.length);
    for (const [index, pattern] of told.entries()) expect(found[index]).toMatch(pattern);
  });

  test("a uid for each, and data sources by variable", () => {
    const fixed = DASHBOARD.replace("${datasource}", "PBFA97CFB590B2093");
    expect(judge([observability], { "a.json": fixed })).toEqual([
      expect.stringMatching(/^SM59 warning a\.json:.*one Grafana only: use the variable/),
    ]);
    expect(judge([observability], { "a.json": change("uid", undefined) })).toEqual([
      expect.stringMatching(/^SM59 note .*uid/),
    ]);
    expect(judge([observability], { "a.json": change("schemaVersion", undefined) })).toEqual([
      expect.stringMatching(/^SM59 warning a\.json:\d+ without `schemaVersion`/),
    ]);
    expect(judge([observability], { "a.json": DASHBOARD, "b.json": DASHBOARD })).toEqual([
      expect.stringMatching(/^SM59 error a\.json:2 b\.json has the same/),
      expect.stringMatching(/^SM59 error b\.json:2 a\.json has the same/),
    ]);
  });
});

test.each([
  ["r.yml", "groups:\n  - 1\n  - rules: [1, { alert: [] }, { record: 1, expr: {} }]\n"],
  ["r.yml", "groups: 3\n  alert:"],
  ["d.json", '{ "schemaVersion": 1, "panels": [1, { "panels": [[]] }, { "targets": [3, { "expr": 1 }] }] }'],
  ["d.json", '{ "schemaVersion": 1, "panels":'],
  ["t.yml", "rule_files: 3\ntests: [1]\n"],
])("garbage in %s never throws: %j", async (path, text) => {
  expect(() => judge([observability], { [path]: text })).not.toThrow();
  for (const validator of [promql, grafanaSchema])
    await expect(validated(validator, { [path]: text })).resolves.toBeInstanceOf(Array);
});
