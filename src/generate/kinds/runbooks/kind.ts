import { isWatched } from "../../alert-series.ts";
import { type Alert, alertsOf, runbookPath } from "../../alerts.ts";
import type { Kind } from "../../kind.ts";
import type { Plan } from "../../plan.ts";
import { platformHelp, platformLook } from "./platform-look.ts";

/** A page for each alert, with the names and commands of this application. */
export const runbooks: Kind = {
  id: "runbooks",
  title: "runbooks",
  wanted: () => true,
  render: (plan) =>
    alertsOf(plan).map((alert) => ({
      path: runbookPath(alert),
      text: page(alert, plan),
      ownership: "seed",
      why: `what to do when ${alert.name} calls`,
    })),
};

function page(alert: Alert, plan: Plan): string {
  const service = plan.services.find(({ name }) => name === alert.service);
  if (!service) return "";
  const help = platformHelp(service, plan);
  return [
    "<!-- Written by stationmaster generate, once: this page is yours. Add what you learn in each incident. -->",
    `# ${alert.name}: ${alert.summary.replace(/: p95.*$/, "")}`,
    "",
    `**Severity:** ${alert.severity}. **Means:** ${alert.impact}`,
    "",
    "## Look first",
    "",
    "```sh",
    ...(isWatched(plan)
      ? [
          "stationmaster status                     # what is up, what was deployed last",
          "stationmaster incidents                  # the incident, its timeline, what was tried",
          `stationmaster logs ${service.name} -n 200`,
        ]
      : []),
    ...platformLook(service, plan),
    "```",
    "",
    "## Likely causes",
    "",
    ...alert.causes.map((cause, index) => `${index + 1}. ${cause}`),
    "",
    "## What helps",
    "",
    "| if | then |",
    "|---|---|",
    `| it began with the newest release | ${help.back} |`,
    ...(help.restart ? [`| processes hang or leak | ${help.restart} |`] : []),
    ...plan.stores
      .filter(({ name }) => service.stores.includes(name))
      .map((store) => `| ${store.name} does not answer | ${storeHelp(store.kind)} |`),
    ...(service.migrations
      ? [
          `| a migration did not finish | ${help.migration}, then \`${service.migrations.command}\` by hand only after reading its log |`,
        ]
      : []),
    ...(isWatched(plan)
      ? ["| others are working on it | `stationmaster ack INCIDENT --note 'what you do'` |"]
      : ["| others are working on it | silence the alert in Alertmanager, with a note of what you do |"]),
    "",
    "## After it",
    "",
    isWatched(plan)
      ? "`stationmaster report incident ID` has times and actions for the post-mortem. Add the cause here if it is a new one."
      : "Write down times, cause and actions for the post-mortem. Add the cause here if it is a new one.",
    "",
    "<details><summary>The rule</summary>",
    "",
    "```promql",
    alert.expr,
    "```",
    "",
    `for ${alert.for}`,
    "",
    "</details>",
    "",
  ].join("\n");
}

function storeHelp(kind: string): string {
  const helps: Record<string, string> = {
    postgres:
      "count connections: `select state, count(*) from pg_stat_activity group by state`; end idle ones before you restart anything",
    mysql: "count connections: `show processlist`; end sleeping ones before you restart anything",
    mariadb: "count connections: `show processlist`; end sleeping ones before you restart anything",
    redis: "`redis-cli info memory`: at its limit it refuses writes; raise it or let keys expire",
    mongodb: "`db.currentOp()` shows what holds it up",
    rabbitmq: "`rabbitmq-diagnostics check_alarms`: a full disk or memory stops all publishers",
  };
  return helps[kind] ?? "look at its own status page first";
}
