import type { Check } from "../../../src/contract/check.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { isTimed } from "../view/checks.ts";
import { duration, latency, percent } from "../view/format.ts";
import { Fact, Facts } from "./facts.tsx";
import { Runbook } from "./runbook.tsx";

/** What a check is, and its figures. */
export function CheckFacts({ check }: { check: Check }) {
  const { target, type, service, everyMs, slowed, critical, dependsOn, runbook, uptime24h, p50, p95, p99 } = check;
  return (
    <Facts>
      <Fact label="Asks">
        <code>{target}</code>
      </Fact>
      <Fact label="Type">{`${type}${critical ? ", critical" : ""}`}</Fact>
      {service !== null && (
        <Fact label="Service">
          <Link href={to.service(service)}>{service}</Link>
        </Fact>
      )}
      <Fact
        label={type === "heartbeat" ? "Looked at every" : "Every"}
      >{`${duration(everyMs)}${slowed ? `, ${slowed} times less often than it should` : ""}`}</Fact>
      <Fact label="Uptime 24 h">{uptime24h === null ? "–" : percent(uptime24h)}</Fact>
      {isTimed(check) && (
        <Fact label="p50, p95, p99 of 1 h">
          <span className="num">{[p50, p95, p99].map(latency).join(", ")}</span>
        </Fact>
      )}
      {dependsOn.length > 0 && <Fact label="Depends on">{dependsOn.join(", ")}</Fact>}
      {runbook && (
        <Fact label="Runbook">
          <Runbook address={runbook} />
        </Fact>
      )}
    </Facts>
  );
}
