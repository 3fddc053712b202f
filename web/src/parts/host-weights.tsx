import { FEW_HOSTS } from "../../../src/contract/host-standing.ts";
import type { TrafficView } from "../../../src/contract/rollout.ts";
import { plural } from "../view/format.ts";
import { hostLabels } from "../view/host-labels.ts";
import { Folded } from "./folded.tsx";

type Weight = NonNullable<TrafficView["hosts"]>[number];

interface Props {
  service: string;
  /** What each host says; one that does not answer is missing. */
  weights: readonly Weight[];
  /** All hosts of the plan. */
  hosts: readonly string[];
}

/** The share of the new release on each host, as the host itself says. */
export function HostWeights({ service, weights, hosts }: Props) {
  const silent = hosts.filter((host) => !weights.some((weight) => weight.host === host));
  const labels = hostLabels([...new Set([...hosts, ...weights.map(({ host }) => host)])]);
  const list = (
    <ul className="weights" aria-label={`Share of the candidate of ${service} on each host`}>
      {weights.map((weight) => (
        <HostWeight key={weight.host} weight={weight} label={labels.get(weight.host)} />
      ))}
      {silent.map((host) => (
        <li key={host} data-tone="bad">
          <span className="weight-host" title={host}>
            {labels.get(host)}
          </span>
          <span className="weight-silent">no answer</span>
        </li>
      ))}
    </ul>
  );
  if (hosts.length <= FEW_HOSTS) return list;
  return <Folded label={`${service} on ${plural(hosts.length, "host")}${notes(weights, silent)}`}>{list}</Folded>;
}

function notes(weights: readonly Weight[], silent: readonly string[]): string {
  const shares = new Set(weights.map(({ share }) => share));
  const said = shares.size === 1 ? `, ${[...shares][0]} % each` : ", not the same share on all";
  return silent.length > 0 ? `${said}, ${silent.length} without an answer` : said;
}

function HostWeight({
  weight: { host, share, stable, candidate },
  label,
}: {
  weight: Weight;
  label: string | undefined;
}) {
  return (
    <li>
      <span className="weight-host" title={host}>
        {label}
      </span>
      <span className="share small" aria-hidden="true">
        <span className="share-stable" style={{ flexGrow: 100 - share }} />
        <span className="share-candidate" style={{ flexGrow: share }} />
      </span>
      <span className="num nowrap">{share} %</span>
      <span className="num muted weight-units">
        {candidate} candidate, {stable} stable
      </span>
    </li>
  );
}
