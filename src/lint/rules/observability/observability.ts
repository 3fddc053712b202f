import type { Rule } from "../../rule.ts";
import { alertComplaints } from "./alerts.ts";
import { dashboardComplaints } from "./dashboards.ts";

/** SM59 */
export const observability: Rule = {
  id: "SM59",
  title: "alerts wait, say how bad it is and what to do, and are tested; dashboards work in every Grafana",
  help: "An alert that wakes somebody without a reason, or without a page that says what to do, is soon ignored by everybody.",
  severity: "warning",
  origins: [],
  kinds: ["prometheus-rules", "kubernetes", "grafana"],
  check: (file, context) =>
    file.kind === "grafana" ? dashboardComplaints(file, context) : alertComplaints(file, context),
};
