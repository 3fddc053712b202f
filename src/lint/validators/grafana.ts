import { z } from "zod";
import { type Document, isRecord, listAt, recordAt, stringAt, valueAt } from "../../formats/document.ts";
import type { Complaint } from "../finding.ts";
import { panelsOf } from "../rules/observability/dashboard.ts";
import { complain } from "../rules/places.ts";
import { schemaComplaints } from "./schema.ts";
import type { Validator } from "./validator.ts";

const GRID_COLUMNS = 24;
const Panel = z.looseObject({
  id: z.int().optional(),
  type: z.string("the kind of the panel, such as timeseries"),
  title: z.string().optional(),
  gridPos: z
    .looseObject({
      x: z
        .number()
        .min(0)
        .max(GRID_COLUMNS - 1),
      y: z.number().min(0),
      w: z.number().min(1).max(GRID_COLUMNS),
      h: z.number().min(1),
    })
    .optional(),
  targets: z.array(z.looseObject({ refId: z.string().optional() })).optional(),
});
const Dashboard = z.looseObject({
  schemaVersion: z.int("the version of the form, a number").optional(),
  title: z.string("the title of the dashboard").min(1),
  uid: z.string().max(40, "40 characters at most").nullish(),
  panels: z.array(Panel),
  templating: z
    .looseObject({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })).optional() })
    .optional(),
  time: z.looseObject({ from: z.string(), to: z.string() }).optional(),
  refresh: z.union([z.string(), z.boolean()]).nullish(),
});

/** Dashboards of Grafana. */
export const grafanaSchema: Validator = {
  id: "grafana-schema",
  kinds: ["grafana"],
  validate: async (file) =>
    file
      .documents()
      .filter(({ problems }) => problems.length === 0)
      .flatMap(ofDashboard),
};

function ofDashboard(document: Document): Complaint[] {
  // As the API answers it.
  const wrapped = isRecord(recordAt(document.value).dashboard);
  const complaints = schemaComplaints(document, wrapped ? z.looseObject({ dashboard: Dashboard }) : Dashboard);
  const seen = new Map<unknown, string>();
  for (const { path, value } of panelsOf(document)) {
    const id = valueAt(value, ["id"]) ?? undefined;
    const other = id === undefined ? undefined : seen.get(id);
    const title = stringAt(value, ["title"]) ?? "without a title";
    if (other !== undefined)
      complaints.push(complain(document, [...path, "id"], `panel "${title}" has the id of "${other}": ids are unique`));
    else if (id !== undefined) seen.set(id, title);
    const refs = listAt(value, ["targets"]).flatMap((target) => stringAt(target, ["refId"]) ?? []);
    if (new Set(refs).size < refs.length)
      complaints.push(complain(document, [...path, "targets"], `queries of panel "${title}" share a refId`));
  }
  return complaints;
}
