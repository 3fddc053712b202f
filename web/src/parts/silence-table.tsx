import { useQueryClient } from "@tanstack/react-query";
import type { Silence } from "../../../src/contract/silence.ts";
import { endSilence } from "../api/incident-actions.ts";
import { plural } from "../view/format.ts";
import { matcherText, spanText } from "../view/silences.ts";
import { Badge } from "./badge.tsx";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { NameField } from "./name-field.tsx";

const WHAT: Column<Silence> = {
  label: "What",
  cell: ({ matcher, kind }) => (
    <>
      <span className="wrap strong">{matcherText(matcher)}</span>
      {kind === "maintenance" && (
        <span className="tags">
          <span className="tag">maintenance</span>
        </span>
      )}
    </>
  ),
};
const NOW: Column<Silence> = {
  label: "Now",
  cell: ({ active }) => <Badge tone={active ? "warn" : "idle"}>{active ? "silent" : "waits"}</Badge>,
};
const REST: readonly Column<Silence>[] = [
  { label: "Why", cell: ({ reason }) => <span className="wrap">{reason}</span> },
  { label: "When", cell: (silence) => spanText(silence) },
  { label: "Checks", cell: ({ checks }) => <CheckNames checks={checks} /> },
  { label: "Who", cell: ({ author }) => <span className="nowrap">{author ?? "the manifest"}</span> },
];
const ACTION: Column<Silence> = {
  label: "Action",
  cell: (silence) => (silence.author === null ? null : <EndButton silence={silence} />),
};

interface Props {
  caption: string;
  silences: readonly Silence[];
  /** They hold no more: there is nothing to end. */
  over?: boolean;
}

export function SilenceTable({ caption, silences, over = false }: Props) {
  const columns = over ? [WHAT, ...REST] : [NOW, WHAT, ...REST, ACTION];
  return <DataTable caption={caption} columns={columns} rows={silences} keyOf={({ id }) => id} />;
}

/** Their number, with the names behind it. */
export function CheckNames({ checks }: { checks: readonly string[] }) {
  if (checks.length === 0) return "none now";
  return (
    <details>
      <summary className="nowrap">{plural(checks.length, "check")}</summary>
      <ul className="names">
        {checks.map((check) => (
          <li key={check}>{check}</li>
        ))}
      </ul>
    </details>
  );
}

function EndButton({ silence: { id, matcher, reason, author } }: { silence: Silence }) {
  const client = useQueryClient();
  const what = matcherText(matcher);
  return (
    <ConfirmButton label="End" className="small" title={`End the silence of ${what}`}>
      {(close) => (
        <Confirm
          title={`End the silence of ${what}`}
          verb="End now"
          danger
          run={() => endSilence(id).then(() => client.invalidateQueries({ queryKey: ["silences"] }))}
          onClose={close}
        >
          <p>
            {author} ordered it: {reason}
          </p>
          <p className="muted">What still fails is looked at again and then opens.</p>
          <NameField />
        </Confirm>
      )}
    </ConfirmButton>
  );
}
