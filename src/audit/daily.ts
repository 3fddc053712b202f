import type { DailyReport } from "../contract/report.ts";
import { formatDuration } from "../core/duration.ts";
import { plural } from "../core/plural.ts";
import { bytes, field, inline, NOT_MEASURED, percent, section } from "./markdown.ts";

/** The status report in the form that people and programs know. */
export function dailyMarkdown({ date, deployments, resources, alerts, maintenance }: DailyReport): string {
  const { today, failedToday, versions, uptime, p95Ms } = deployments;
  const measured = (label: string, text: string | null) => field(label, text, NOT_MEASURED);
  const version = versions.map(({ service, release }) => `${inline(service)} ${release ?? "not deployed"}`).join(", ");
  const databases = resources.databases.map(
    ({ name, connections, most }) =>
      `${connections}/${most}${resources.databases.length > 1 ? ` (${inline(name)})` : ""}`,
  );
  const redis = resources.redis.map(
    ({ name, memoryBytes }) => `${bytes(memoryBytes)}${resources.redis.length > 1 ? ` (${inline(name)})` : ""}`,
  );
  return [
    `## Infrastructure Status - ${date}`,
    ...section("Deployment Metrics", [
      field("Deployments today", `${today}${failedToday > 0 ? ` (${failedToday} failed)` : ""}`),
      measured("Version", version || null),
      measured("Uptime (24 h)", percent(uptime, 3)),
      measured("p95 (24 h)", p95Ms === null ? null : formatDuration(p95Ms)),
    ]),
    ...section("Resource Usage", [
      measured("CPU", resources.cpuPercent === null ? null : `${resources.cpuPercent} %`),
      measured("Memory", bytes(resources.memoryBytes)),
      measured("Database connections", databases.join(", ") || null),
      measured("Redis memory", redis.join(", ") || null),
    ]),
    ...section(
      "Alerts",
      alerts.map(
        ({ id, severity, service, symptom, state }) =>
          `- ${severity} ${inline(service)}: ${inline(symptom)} (${id}, ${state})`,
      ),
    ),
    ...section(
      "Planned Maintenance",
      maintenance.map(({ what, when }) => `- ${when}: ${inline(what)}`),
    ),
  ].join("\n");
}

/** The report in one line, for a message. */
export function dailyLine({ date, deployments, alerts }: DailyReport): string {
  const { today, uptime } = deployments;
  const shown = percent(uptime, 3) ?? NOT_MEASURED;
  return `infrastructure status ${date}: ${plural(today, "deployment")}, uptime ${shown}, ${plural(alerts.length, "alert")}`;
}
