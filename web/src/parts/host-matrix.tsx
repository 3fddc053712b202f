import { FEW_HOSTS, hostsInWords, inWords, names, standings } from "../../../src/contract/host-standing.ts";
import type { CellStatus, HostCell, HostRow, HostSteps } from "../../../src/contract/host-steps.ts";
import { useNarrow } from "../use-media.ts";
import { hostLabels } from "../view/host-labels.ts";
import type { Tone } from "../view/states.ts";
import { Folded } from "./folded.tsx";
import { Icon } from "./icon.tsx";

const TONE: Partial<Record<CellStatus, Tone>> = { done: "ok", running: "busy", failed: "bad" };
const WORD: Record<CellStatus, string> = {
  done: "done",
  running: "running",
  failed: "failed",
  waiting: "waiting",
  none: "not done",
};

/** How far each host is. A narrow screen begins with the hosts that differ from most, where there are many. */
export function HostMatrix({ steps }: { steps: HostSteps }) {
  const narrow = useNarrow();
  const { columns, rows } = steps;
  const gather = narrow && rows.length > FEW_HOSTS;
  const labels = hostLabels(rows.map(({ host }) => host));
  const table = <Matrix columns={columns} rows={rows} labels={labels} />;
  return (
    <div className="hosts">
      {rows.length > FEW_HOSTS && <p>{hostsInWords(steps)}.</p>}
      {gather && <Matrix columns={columns} rows={unlike(steps)} labels={labels} />}
      {gather ? <Folded label={`All ${rows.length} hosts`}>{table}</Folded> : table}
      <Legend />
      <Failures steps={steps} />
    </div>
  );
}

/** The hosts that do not stand where most do. */
function unlike(steps: HostSteps): HostRow[] {
  const words = standings(steps).map(inWords);
  const groups = [...Map.groupBy(words, (word) => word)].sort(([, a], [, b]) => b.length - a.length);
  return steps.rows.filter((_, index) => words[index] !== groups[0]?.[0]);
}

function Matrix({ columns, rows, labels }: HostSteps & { labels: ReadonlyMap<string, string> }) {
  if (rows.length === 0) return null;
  return (
    <table className="matrix">
      <caption className="hidden">Hosts and steps</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">Host</span>
          </th>
          {columns.map((column) => (
            <th key={column} scope="col">
              <span>{column}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ host, cells }) => (
          <tr key={host}>
            <th scope="row" title={host}>
              {labels.get(host)}
            </th>
            {cells.map((cell, index) => (
              <Cell key={columns[index]} cell={cell} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ cell: { status, why } }: { cell: HostCell }) {
  return (
    <td data-status={status} title={why ?? WORD[status]}>
      <Mark status={status} />
      <span className="hidden">{WORD[status]}</span>
    </td>
  );
}

function Mark({ status }: { status: CellStatus }) {
  const tone = TONE[status];
  if (tone) return <Icon tone={tone} />;
  return (
    <span className="matrix-mark" aria-hidden="true">
      {status === "waiting" ? "·" : "–"}
    </span>
  );
}

function Legend() {
  return (
    <ul className="legend muted" aria-hidden="true">
      {(Object.keys(WORD) as CellStatus[]).map((status) => (
        <li key={status}>
          <Mark status={status} /> {WORD[status]}
        </li>
      ))}
    </ul>
  );
}

/** Why hosts failed; what happened to all of them alike is said on top of the page. */
function Failures({ steps: { columns, rows } }: { steps: HostSteps }) {
  const reasons = rows.flatMap(({ host, cells }) =>
    cells.flatMap(({ why, status }, index) => {
      if (!why) return [];
      const what = inWords({ label: columns[index] ?? "", status });
      return [{ host, text: `${what}: ${why.startsWith(`${host}: `) ? why.slice(host.length + 2) : why}` }];
    }),
  );
  const own = [...Map.groupBy(reasons, ({ text }) => text)].filter(([, list]) => list.length < rows.length);
  if (own.length === 0) return null;
  return (
    <ul className="host-failures">
      {own.map(([text, list]) => (
        <li key={text}>
          <strong>{names(list.map(({ host }) => host))}</strong> {text}
        </li>
      ))}
    </ul>
  );
}
