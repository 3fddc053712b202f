import { type Alert, alertsOf, runbookPath } from "../../alerts.ts";
import type { Kind } from "../../kind.ts";
import type { Plan, PlannedService } from "../../plan.ts";

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
  return [
    "<!-- Written by stationmaster generate, once: this page is yours. Add what you learn in each incident. -->",
    `# ${alert.name}: ${alert.summary.replace(/: p95.*$/, "")}`,
    "",
    `**Severity:** ${alert.severity}. **Means:** ${alert.impact}`,
    "",
    "## Look first",
    "",
    "```sh",
    "stationmaster status                     # what is up, what was deployed last",
    "stationmaster incidents                  # the incident, its timeline, what was tried",
    `stationmaster logs ${service.name} -n 200`,
    ...platformLook(service, plan),
    "```",
    "",
    "## Likely causes",
    "",
    ...alert.causes.map((cause, index) => `${index + 1}. ${cause[0]?.toUpperCase()}${cause.slice(1)}.`),
    "",
    "## What helps",
    "",
    "| if | then |",
    "|---|---|",
    "| it began with the newest release | `stationmaster rollback` |",
    `| processes hang or leak | \`stationmaster restart ${service.name}\` |`,
    ...plan.stores
      .filter(({ name }) => service.stores.includes(name))
      .map((store) => `| ${store.name} does not answer | ${storeHelp(store.kind)} |`),
    ...(service.migrations
      ? [
          `| a migration did not finish | \`stationmaster migrations\`, then \`${service.migrations.command}\` by hand only after reading its log |`,
        ]
      : []),
    "| others are working on it | `stationmaster ack INCIDENT --note 'what you do'` |",
    "",
    "## After it",
    "",
    "`stationmaster report incident ID` has times and actions for the post-mortem. Add the cause here if it is a new one.",
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

/** What the platform itself says of the service. */
function platformLook(service: PlannedService, { target, project }: Plan): string[] {
  const { name } = service;
  const health =
    service.port === null
      ? []
      : [`curl -fsS http://127.0.0.1:${service.port}${service.health ?? "/"}   # on the machine itself`];
  const looks: Record<Plan["target"], string[]> = {
    compose: [`docker compose ps ${name}`, `docker compose logs --tail 200 ${name}`, ...health],
    railway: [`railway logs --service ${name}`, `railway status`],
    vercel: ["vercel ls", "vercel logs"],
    kubernetes: [
      `kubectl -n ${project}-production get pods -l app.kubernetes.io/name=${name}`,
      `kubectl -n ${project}-production logs deploy/${name} --tail 200`,
    ],
    aws: [
      `aws ecs describe-services --cluster ${project}-production --services ${name}`,
      `aws logs tail /ecs/${project}-production/${name} --since 30m`,
    ],
    gcp: [`gcloud run services describe ${name}`, `gcloud run services logs read ${name} --limit 200`],
    azure: [
      `az containerapp show --name ${name} --resource-group ${project}-production`,
      `az containerapp logs show --name ${name} --resource-group ${project}-production --tail 200`,
    ],
  };
  return looks[target];
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
