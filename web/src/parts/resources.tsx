import type { Service } from "../../../src/contract/service.ts";
import { bytes } from "../view/format.ts";

/** CPU and memory of all replicas together. */
export function Resources({ resources }: Pick<Service, "resources">) {
  return (
    <dl className="resources">
      <div>
        <dt>CPU</dt>
        <dd className="num">{resources ? `${Number(resources.cpuPercent.toFixed(1))} %` : "–"}</dd>
      </div>
      <div>
        <dt>Memory</dt>
        <dd className="num">{resources ? bytes(resources.memoryBytes) : "–"}</dd>
      </div>
    </dl>
  );
}
