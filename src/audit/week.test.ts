import { expect, test } from "vitest";
import { minuteIn } from "./day.ts";
import { dueReports } from "./due.ts";
import { auditedSpan, isoWeek, lastAuditDue } from "./week.ts";

const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString();

test.each([
  ["2024-12-29T23:59:59Z", "2024-W52"],
  ["2024-12-30T00:00:00Z", "2025-W01"],
  ["2026-01-01T12:00:00Z", "2026-W01"],
  ["2026-03-01T06:00:00Z", "2026-W09"],
  ["2026-12-31T12:00:00Z", "2026-W53"],
  ["2027-01-03T23:59:59Z", "2026-W53"],
  ["2027-01-04T00:00:00Z", "2027-W01"],
  ["2023-01-01T06:00:00Z", "2022-W52"],
])("%s lies in %s", (time, week) => {
  expect(isoWeek(at(time))).toBe(week);
});

test("a moment is told on the clock of the zone, midnight as 00", () => {
  expect(minuteIn("Europe/Paris", at("2026-03-01T23:05:09.123Z"))).toBe("2026-03-02 00:05");
});

test.each([
  ["2026-03-01T06:00:00Z", "2026-03-01T06:00:00.000Z"],
  ["2026-03-01T05:59:59Z", "2026-02-22T06:00:00.000Z"],
  ["2026-03-07T23:00:00Z", "2026-03-01T06:00:00.000Z"],
])("at %s the last audit was due at %s, in the week that ends then", (now, due) => {
  expect(iso(lastAuditDue(at(now)))).toBe(due);
  expect(auditedSpan(at(due)).from).toBe(at(due) - 7 * 86_400_000);
});

test.each([
  ["2026-03-29T05:59:00Z", "2026-03-28T07:00:00.000Z", "2026-03-28"],
  // The clock of Paris went forward in the night: 08:00 there is an hour earlier in UTC.
  ["2026-03-29T06:00:00Z", "2026-03-29T06:00:00.000Z", "2026-03-29"],
  ["2026-10-25T06:59:00Z", "2026-10-24T06:00:00.000Z", "2026-10-24"],
  ["2026-10-25T07:00:00Z", "2026-10-25T07:00:00.000Z", "2026-10-25"],
])("at %s the report of 08:00 in Paris was due last at %s", (now, due, period) => {
  const daily = dueReports({ dailyAt: "08:00 Europe/Paris" }, at(now)).find(({ kind }) => kind === "daily");
  expect(daily).toEqual({ kind: "daily", period, at: at(due) });
});

test("without a time in the manifest only the audit is due", () => {
  expect(dueReports({ dailyAt: undefined }, at("2026-03-02T00:00:00Z")).map(({ kind }) => kind)).toEqual(["audit"]);
});
