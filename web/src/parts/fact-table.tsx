import { factText, type OwnFact } from "../../../src/contract/scan-words.ts";
import { plural } from "../view/format.ts";
import { doubtOf, placeOf } from "../view/repository.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

const COLUMNS: readonly Column<OwnFact>[] = [
  { label: "Fact", cell: ({ id }) => <span className="wrap">{id}</span> },
  {
    label: "Value",
    cell: (own) => (
      <>
        <code>{factText(own.name, own.fact.value)}</code>
        <Behind own={own} />
      </>
    ),
  },
  { label: "Sure", cell: ({ fact }) => <Sureness fact={fact} /> },
  { label: "Seen at", cell: ({ fact: { evidence } }) => evidence[0] && <code>{placeOf(evidence[0])}</code> },
];

/** Facts with how sure they are and the line that shows each; what else was seen on demand. */
export function FactTable({ caption, facts }: { caption: string; facts: readonly OwnFact[] }) {
  return <DataTable caption={caption} columns={COLUMNS} rows={facts} keyOf={({ id }) => id} />;
}

function Sureness({ fact }: { fact: OwnFact["fact"] }) {
  const doubt = doubtOf(fact);
  const share = `${Math.round(fact.confidence * 100)} %`;
  if (doubt === null) return <span className="num nowrap">{share}</span>;
  return <Badge tone={doubt === "assumed" ? "warn" : "idle"}>{`${doubt}, ${share}`}</Badge>;
}

/** Further places that agree, and values that lost, each with the reason. */
function Behind({ own: { id, name, fact } }: { own: OwnFact }) {
  const { alternatives } = fact;
  const more = fact.evidence.slice(1);
  const label = [
    ...(alternatives.length > 0 ? [plural(alternatives.length, "other value")] : []),
    ...(more.length > 0 ? [plural(more.length, "more place")] : []),
  ].join(", ");
  if (label === "") return null;
  return (
    <details>
      <summary>
        {label}
        <span className="hidden"> for {id}</span>
      </summary>
      <ul className="fact-behind">
        {more.map((one) => (
          <li key={`${placeOf(one)} ${one.rule}`}>
            <code>{placeOf(one)}</code> <span className="muted">says the same ({one.rule})</span>
          </li>
        ))}
        {alternatives.map(({ value, reason, evidence }) => (
          <li key={JSON.stringify([value, reason, evidence[0]?.file, evidence[0]?.line])}>
            <code>{factText(name, value)}</code>{" "}
            <span className="muted">
              {evidence[0] && `at ${placeOf(evidence[0])}: `}
              {reason}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
