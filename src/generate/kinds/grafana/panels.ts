/** A panel of a dashboard, before it has a place. */
export interface Panel {
  title: string;
  kind: "stat" | "timeseries" | "table";
  /** PromQL and the name of each line; `{{label}}` is replaced. */
  queries: readonly (readonly [expr: string, legend: string])[];
  unit: "short" | "s" | "percentunit" | "reqps" | "bytes" | "none";
  description: string;
  /** Value from which it is red; larger is worse unless `lowIsBad`. */
  bad?: number;
  lowIsBad?: boolean;
}

const WIDTH = 24;
const SIZES = { stat: { w: 6, h: 4 }, timeseries: { w: 12, h: 8 }, table: { w: 24, h: 8 } } as const;

/** A dashboard of Grafana with its panels in rows, all of one data source that people choose. */
export function dashboard({
  uid,
  title,
  tags,
  panels,
}: {
  uid: string;
  title: string;
  tags: readonly string[];
  panels: readonly Panel[];
}): object {
  let x = 0;
  let y = 0;
  let row = 0;
  const placed = panels.map((panel, index) => {
    const size = SIZES[panel.kind];
    if (x + size.w > WIDTH) {
      x = 0;
      y += row;
      row = 0;
    }
    const gridPos = { ...size, x, y };
    x += size.w;
    row = Math.max(row, size.h);
    return panelModel(panel, index + 1, gridPos);
  });
  return {
    uid,
    title,
    tags,
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    timezone: "browser",
    templating: {
      list: [
        {
          name: "datasource",
          label: "Data source",
          type: "datasource",
          query: "prometheus",
          refresh: 1,
          current: {},
          options: [],
        },
        {
          name: "environment",
          label: "Environment",
          type: "query",
          datasource: SOURCE,
          query: { query: "label_values(stationmaster_service_up, environment)", refId: "environment" },
          refresh: 2,
          includeAll: true,
          allValue: ".*",
          current: { text: "All", value: "$__all" },
          options: [],
        },
      ],
    },
    annotations: { list: [] },
    panels: placed,
  };
}

const SOURCE = { type: "prometheus", uid: "${datasource}" };

function panelModel(
  { title, kind, queries, unit, description, bad, lowIsBad = false }: Panel,
  id: number,
  gridPos: object,
): object {
  const [first, second] = lowIsBad ? ["red", "green"] : ["green", "red"];
  const steps = [
    { color: bad === undefined ? "green" : first, value: null },
    ...(bad === undefined ? [] : [{ color: second, value: bad }]),
  ];
  return {
    id,
    type: kind,
    title,
    description,
    datasource: SOURCE,
    gridPos,
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: SOURCE,
      expr,
      legendFormat,
      ...(kind === "timeseries" ? {} : { instant: true }),
      ...(kind === "table" ? { format: "table" } : {}),
    })),
    fieldConfig: { defaults: { unit, thresholds: { mode: "absolute", steps } }, overrides: [] },
    options:
      kind === "stat"
        ? {
            reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
            colorMode: "background",
            textMode: "auto",
          }
        : {},
  };
}
