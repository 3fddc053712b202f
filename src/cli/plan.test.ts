import { expect, test } from "vitest";
import { hostPlan, POWER } from "../contract/testing.ts";
import { printable } from "../core/text.ts";
import { meetingLines, renderPlan } from "./plan.ts";
import { powerLines } from "./plan-lines.ts";

test("a plan for hosts, in 80 columns", () => {
  const text = printable(renderPlan(hostPlan(3)));
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(`\n${text}\n`).toMatchInlineSnapshot(`
    "
    deploy shop-0044 to production (canary, 2 min a step, bake 10 min)
    3 hosts: web1, web2, web3
               service  changes  release                traffic
    ~ replace  api      image    shop-0043 → shop-0044  10 % → 25 % → 50 % → 100 %
    ~ replace  web      image    shop-0043 → shop-0044  10 % → 25 % → 50 % → 100 %
    must hold:
      · GET /health passes 3 times in a row
    pre-flight  ok   evidence and next step
    qa          yes  approved by dana on 1 Mar 2026 09:12 UTC
    disk        yes  41 GB free on the fullest host, two copies need 0.9 GB
    clock       no   web2 is 3.4 s ahead
                     overridden by alice: the host is replaced tomorrow
    what the canary of api sees within 10 min
    0.1→1 %          0.1→5 %   1→2 %  1→5 %       1→100 %
    83 %, 308 s (7)  44 s (5)  7 %    129 s (14)  3 s (5)
    (share caught if not all, median time, errors by then)
    With 10 % of 20 requests a second, a rise of errors from 1 % to 5 % is seen in 2
    min 9 s (median); 1 % to 2 % would be seen in 7 of 100 rollouts.
    api: 2 migrations (alembic, expand): 8f21 add orders.note, a03c index
      orders.note
      index-concurrently: the table takes no writes while the index is built; say
        CONCURRENTLY
        CREATE INDEX ix_orders_note ON orders (note)
    "
  `);
});

test("of twenty hosts the names go on below", () => {
  const lines = printable(renderPlan(hostPlan(20)))
    .split("\n")
    .slice(1, 4);
  expect(lines[0]).toMatch(/^20 hosts: web01, web02, /);
  expect(lines[1]).toMatch(/^ {10}web/);
  expect(lines.every((line) => line.length <= 80)).toBe(true);
});

test("a plan without any of it is what it was", () => {
  const { hosts: _, preflight, power, migrations, ...local } = hostPlan(1);
  expect(printable(renderPlan(local)).split("\n")).toHaveLength(6);
});

test("the first line says in plain words what a plan without a new release is for", () => {
  const plan = hostPlan(1);
  const head = (given: typeof plan) => printable(renderPlan(given)).split("\n")[0];
  expect(head({ ...plan, kind: "restore" })).toBe("start what is missing of shop-0044 in production");
  const services = plan.services.map((item) => ({ ...item, action: "keep" as const, checks: [] }));
  expect(head({ ...plan, services })).toBe("nothing to deploy: production runs shop-0044");
  const underWay = { rollout: "ro-1", release: "r2", state: "STARTED", until: null, meeting: "supersede" } as const;
  const meeting = (given: typeof plan) => printable(meetingLines({ ...given, underWay }).join(" "));
  expect(meeting(plan)).toMatch(/this one\s+takes its place/);
  expect(meeting({ ...plan, services })).toMatch(/it goes on: stationmaster abort ro-1\s+keeps what runs/);
});

test("cells too wide for columns are a line each", () => {
  const rows = POWER.rows.map((row) => ({ ...row, caught: 0.55, medianSeconds: 1_500, candidateErrors: 1_000 }));
  const lines = powerLines({ ...POWER, rows }).flatMap((line) => printable(line).split("\n"));
  expect(lines).toContain("0.1→1 %         55 %, 1500 s (1000)");
});
