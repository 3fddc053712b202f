import { effectsOf, placesIn } from "../contract/effects.ts";
import { FEW_HOSTS, hostsInWords, inWords, type Standing, standings } from "../contract/host-standing.ts";
import { hostSteps } from "../contract/host-steps.ts";
import { evidenceText } from "../contract/judgement.ts";
import type { Rollout, TrafficView } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { nameOf } from "./open-steps.ts";
import { table } from "./output.ts";

const LONGEST_NAME = 28;

/** How a rollout stands on its hosts at `now` (epoch ms): a line each, of many hosts one for all; then what the judge holds. Empty where it has one place. */
export function hostBlock(rollout: Rollout, traffic: readonly TrafficView[], now: number): string[] {
  const steps = hostSteps(rollout);
  const judged = judgeLines(traffic);
  if (!steps) return judged;
  if (steps.rows.length > FEW_HOSTS) return [`  ${hostsInWords(steps)}`, ...judged];
  const effects = effectsOf(rollout.journal);
  const { of } = placesIn(effects, rollout.plan.hosts);
  const rows = standings(steps).map((standing) => {
    const open = effects.find((effect) => effect.endedAt === null && of(effect)?.includes(standing.host));
    const doing = open ? `${nameOf(open)} ${since(open.begunAt, now)}` : "";
    const shares = sharesOf(standing.host, traffic);
    return [short(standing.host), inWords(standing), shares, standing.why ?? doing];
  });
  const [, ...lines] = table(["", "", "", ""], rows).split("\n");
  return [...lines.map((line) => `  ${line}`), ...judged];
}

function short(host: Standing["host"]): string {
  return host.length > LONGEST_NAME ? `${host.slice(0, LONGEST_NAME - 1)}…` : host;
}

function since(at: string | null, now: number): string {
  return formatDuration(Math.max(0, Math.floor((now - Date.parse(at ?? "")) / 1_000) * 1_000));
}

/** `api 25 %, web 25 %`: the shares in force on a host, one for all services where they agree. */
function sharesOf(host: string, traffic: readonly TrafficView[]): string {
  const shares = traffic.flatMap(({ service, hosts }) => {
    const there = hosts?.find((item) => item.host === host);
    return hosts ? [{ service, share: there ? `${there.share} %` : "no answer" }] : [];
  });
  const different = new Set(shares.map(({ share }) => share));
  if (different.size < 2) return [...different].map((share) => `has ${share}`).join("");
  return shares.map(({ service, share }) => `${service} ${share}`).join(", ");
}

function judgeLines(traffic: readonly TrafficView[]): string[] {
  return traffic.flatMap(({ service, analysis = [] }) => {
    if (analysis.length === 0) return [];
    const metrics = analysis.map(({ metric, evidence }) => `${metric} ${evidenceText(evidence)}`);
    const needed = Math.min(...analysis.map((item) => item.needed));
    return [`  judge ${service}: ${metrics.join(", ")} (fails at ${evidenceText(needed)})`];
  });
}
