import { bytes } from "../audit/markdown.ts";
import type { Check } from "../contract/check.ts";
import { factTexts } from "../contract/fact.ts";
import type { Heartbeat } from "../contract/heartbeat.ts";
import { isTimedType } from "../contract/timed.ts";
import { formatDuration } from "../core/duration.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { localTime, print, printJson, state, table } from "./output.ts";
import { actor } from "./session.ts";

const WIDTH = 18;
const MOST_RESULTS = 100;

/** Prints all that is known of one check, which is called by its id or by its name in the manifest. */
export async function showCheck(
  usecases: UseCases,
  name: string,
  { json, results, run, newToken }: { json?: boolean; results?: boolean; run?: boolean; newToken?: boolean },
): Promise<void> {
  if (run) await usecases.runCheck(name, actor());
  if (newToken) await usecases.renewHeartbeat(name, actor());
  const check = await usecases.check(name);
  if (results) return await showResults(usecases, check.id, { json });
  const heartbeat = check.type === "heartbeat" ? await usecases.heartbeat(check.id) : undefined;
  if (json) return printJson({ check, ...(heartbeat ? { heartbeat } : {}) });
  for (const [what = "", text] of [...checkRows(check), ...(heartbeat ? heartbeatRows(heartbeat) : [])])
    print(`${what.padEnd(WIDTH)}${text}`);
}

async function showResults(usecases: UseCases, id: string, { json }: { json?: boolean | undefined }): Promise<void> {
  const results = await usecases.results(id, MOST_RESULTS);
  if (json) return printJson({ results });
  if (results.length === 0) return print("no single result is kept: nothing but passed runs in the last 48 hours");
  const rows = results.map(({ at, kind, outcome, durationMs, class: name, detail }) => [
    ...[localTime(at), kind, outcome, showMs(durationMs), name ?? "–", detail ?? "–"],
  ]);
  print(table(["at", "run", "outcome", "took", "class", "detail"], rows));
}

function checkRows({ id, type, verdict, since, target, everyMs, slowed, dependsOn, ...rest }: Check): string[][] {
  const { lastResult, runbook, uptime24h, p50, p95, p99 } = rest;
  const phases = Object.entries(lastResult?.phases ?? {}).filter(([, ms]) => ms > 0);
  return [
    ["check", id],
    ["asks", target],
    [
      type === "heartbeat" ? "looked at every" : "every",
      `${formatDuration(everyMs)}${slowed ? `, ${slowed} times less often than it should: too much to do` : ""}`,
    ],
    ["verdict", `${state(verdict)}${since ? ` since ${localTime(since)}` : ""}`],
    ...(lastResult ? [["last run", `${localTime(lastResult.at)}: ${lastResult.detail ?? lastResult.outcome}`]] : []),
    ...(phases.length > 0 ? [["parts", phases.map(([name, ms]) => `${name} ${showMs(ms)}`).join(", ")]] : []),
    ["uptime 24 h", showShare(uptime24h)],
    ...(isTimedType(type) ? [["p50, p95, p99", `${[p50, p95, p99].map(showMs).join(", ")} in the last hour`]] : []),
    ...(dependsOn.length > 0 ? [["depends on", dependsOn.join(", ")]] : []),
    ...factTexts(lastResult?.facts ?? {}, {
      duration: formatDuration,
      bytes: (count) => bytes(count) ?? "–",
      moment: localTime,
    }),
    ...(runbook ? [["runbook", runbook]] : []),
  ];
}

/** Milliseconds for a line of text. */
export function showMs(ms: number | null): string {
  return ms === null ? "–" : `${ms.toFixed(0)} ms`;
}

/** A share of 1 for a line of text. */
export function showShare(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(2)} %`;
}

function heartbeatRows({ url, path, startedAt, okAt, failedAt, dueAt }: Heartbeat): string[][] {
  const time = (at: string | null) => (at === null ? "–" : localTime(at));
  return [
    ["address", url ?? `${path} of the daemon, which does not run`],
    ["begins", `${url ?? path}/start`],
    ["failed", `${url ?? path}/fail`],
    ["last start", time(startedAt)],
    ["last ok", time(okAt)],
    ["last failure", time(failedAt)],
    ["due", time(dueAt)],
  ];
}
