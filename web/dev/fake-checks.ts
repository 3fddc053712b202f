import type { Hono } from "hono";
import { Check, CheckResult, CheckSeries, type SeriesWindow } from "../../src/contract/check.ts";
import { CheckList, CheckQuery } from "../../src/contract/check-list.ts";
import { Heartbeat } from "../../src/contract/heartbeat.ts";
import { SloReport } from "../../src/contract/slo.ts";
import { Workers } from "../../src/contract/worker.ts";
import { selectChecks } from "../../src/watch/select.ts";
import * as told from "./check-stories.ts";

/** The routes of checks, objectives and workers. */
export function addChecks(app: Hono, { empty }: { empty: boolean }): { checks: Check[] } {
  const state = { checks: empty ? [] : [...told.checks(), ...told.furtherChecks()] };
  const find = (id: string) => state.checks.find((check) => check.id === id);
  const unknown = { error: { code: "SM-CHECK-UNKNOWN", message: "there is no such check", next: null, exitCode: 2 } };

  app.get("/api/checks", (c) => c.json(CheckList.parse(selectChecks(state.checks, CheckQuery.parse(c.req.query())))));
  app.get("/api/checks/:id", (c) => {
    const found = find(c.req.param("id"));
    return found ? c.json(Check.parse(found)) : c.json(unknown, 404);
  });
  app.post("/api/checks/:id/run", (c) => {
    const found = find(c.req.param("id"));
    const result = told.results()[0];
    if (!found || !result) return c.json(unknown, 404);
    found.lastResult = { ...result, at: new Date().toISOString(), phases: found.lastResult?.phases ?? null };
    return c.json(CheckResult.parse(found.lastResult));
  });
  app.get("/api/checks/:id/results", (c) => c.json({ results: CheckResult.array().parse(told.results()) }));
  app.get("/api/checks/:id/heartbeat", (c) => c.json(Heartbeat.parse(told.heartbeat(c.req.param("id")))));
  app.get("/api/checks/:id/series", (c) =>
    c.json(CheckSeries.parse(told.series(c.req.param("id"), (c.req.query("window") ?? "1h") as SeriesWindow))),
  );
  app.get("/api/slo", (c) => c.json({ objectives: empty ? [] : SloReport.array().parse(told.objectives()) }));
  app.get("/api/workers", (c) => c.json(Workers.parse(told.workers())));
  return state;
}
