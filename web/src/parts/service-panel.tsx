import type { Service } from "../../../src/contract/service.ts";
import { useServiceChecks } from "../api/check-queries.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { byStanding, isTimed } from "../view/checks.ts";
import { SERVICE_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { Replicas } from "./replicas.tsx";
import { Resources } from "./resources.tsx";
import { RoutedUrl } from "./routed-url.tsx";
import { ServiceHosts } from "./service-hosts.tsx";
import { Sparkline } from "./sparkline.tsx";
import { UptimeBar } from "./uptime-bar.tsx";

/** One service at a glance. */
export function ServicePanel({ service }: { service: Service }) {
  const main = byStanding(useServiceChecks(service.name).data ?? [])[0];
  const timed = main ? isTimed(main) : service.kind === "http";
  return (
    <article className="panel" data-tone={SERVICE_TONE[service.state]} aria-label={`Service ${service.name}`}>
      <div className="panel-head">
        <h3>
          <Link href={to.service(service.name)}>{service.name}</Link>
        </h3>
        <Badge tone={SERVICE_TONE[service.state]}>{service.state}</Badge>
        {service.critical && <span className="tag">critical</span>}
        {service.release && <span className="release">{service.release}</span>}
        {service.detail && <span className="panel-detail">{service.detail}</span>}
        <RoutedUrl service={service} />
      </div>
      <div className="panel-metrics">
        <UptimeBar check={main} />
        {timed && <Sparkline check={main} />}
        <Resources resources={service.resources} />
      </div>
      <ServiceHosts service={service.name} hosts={service.hosts} />
      <Replicas service={service.name} replicas={service.replicas} />
    </article>
  );
}
