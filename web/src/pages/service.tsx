import type { Service } from "../../../src/contract/service.ts";
import { useServiceChecks } from "../api/check-queries.ts";
import { useStatus } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { Badge } from "../parts/badge.tsx";
import { CheckTable } from "../parts/check-table.tsx";
import { Empty } from "../parts/empty.tsx";
import { Fact, Facts } from "../parts/facts.tsx";
import { Heading } from "../parts/heading.tsx";
import { LatencySection } from "../parts/latency-section.tsx";
import { LogTail } from "../parts/log-tail.tsx";
import { Replicas } from "../parts/replicas.tsx";
import { RestartButton } from "../parts/restart-button.tsx";
import { RoutedUrl } from "../parts/routed-url.tsx";
import { Section } from "../parts/section.tsx";
import { ServiceHosts } from "../parts/service-hosts.tsx";
import { UptimeBar } from "../parts/uptime-bar.tsx";
import { byStanding, isTimed } from "../view/checks.ts";
import { bytes } from "../view/format.ts";
import { SERVICE_TONE } from "../view/states.ts";
import { MissingPage } from "./missing.tsx";

export function ServicePage({ name }: { name: string }) {
  const status = useStatus();
  return (
    <Answer query={status} title={name}>
      {(data) => {
        const service = data.services.find((item) => item.name === name);
        return service ? <ServiceView key={name} service={service} /> : <MissingPage what={`service named ${name}`} />;
      }}
    </Answer>
  );
}

function ServiceView({ service }: { service: Service }) {
  const checks = useServiceChecks(service.name);
  const own = byStanding(checks.data ?? []);
  const { resources } = service;
  return (
    <>
      <Heading
        title={service.name}
        lead={
          <>
            <Badge tone={SERVICE_TONE[service.state]}>{service.state}</Badge> {service.detail}
          </>
        }
        actions={<RestartButton service={service.name} replicas={service.replicas.length} />}
      />
      <Facts>
        <Fact label="Release">
          <span className="release">{service.release ?? "none"}</span>
        </Fact>
        <Fact label="Address">
          <RoutedUrl service={service} />
        </Fact>
        <Fact label="Kind">{`${service.kind}${service.critical ? ", critical" : ""}`}</Fact>
        {resources && <Fact label="CPU">{`${Number(resources.cpuPercent.toFixed(1))} %`}</Fact>}
        {resources && <Fact label="Memory">{bytes(resources.memoryBytes)}</Fact>}
      </Facts>
      <UptimeBar check={own[0]} />
      {isTimed(own[0]) && <LatencySection check={own[0]} />}
      <Section title="Checks">
        <Answer query={checks}>
          {() =>
            own.length > 0 ? (
              <CheckTable checks={own} />
            ) : (
              <Empty title="Nothing checks this service">
                Give it <code>health: /path</code> in <code>stationmaster.yaml</code> and deploy again.
              </Empty>
            )
          }
        </Answer>
      </Section>
      {service.hosts && service.hosts.length > 1 && (
        <Section title="Hosts">
          <ServiceHosts service={service.name} hosts={service.hosts} />
        </Section>
      )}
      <Section title="Replicas">
        <Replicas service={service.name} replicas={service.replicas} />
      </Section>
      <LogTail service={service.name} />
    </>
  );
}
