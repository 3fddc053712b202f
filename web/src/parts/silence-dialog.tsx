import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addSilence } from "../api/incident-actions.ts";
import { useSilencePreview } from "../api/incident-queries.ts";
import { useSettled } from "../use-settled.ts";
import { requestOf, type SilenceForm } from "../view/silences.ts";
import { Confirm } from "./confirm.tsx";
import { NameField } from "./name-field.tsx";
import { ReasonField } from "./reason-field.tsx";
import { SilenceMatch } from "./silence-match.tsx";
import { SilencePreview } from "./silence-preview.tsx";
import { SilenceTimes } from "./silence-times.tsx";

const SETTLE_MS = 300;
const HOUR_MS = 3_600_000;

const BLANK: SilenceForm = {
  ...{ kind: "silence", service: "", check: "", severity: "", from: "", lengthMs: 2 * HOUR_MS },
  ...{ recurring: false, cron: "", spanMs: HOUR_MS, reason: "" },
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
};

/** Silences something; shows beforehand which checks it is about. */
export function SilenceDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [form, setForm] = useState(BLANK);
  const change = (part: Partial<SilenceForm>) => setForm((before) => ({ ...before, ...part }));
  // Times of this moment would make every look another question; the reason does not change the answer.
  const [opened] = useState(Date.now);
  const question = requestOf({ ...form, reason: "preview" }, opened);
  const settled = useSettled(question, SETTLE_MS);
  const preview = useSilencePreview(settled);
  const isAnswered = preview.isSuccess && JSON.stringify(settled) === JSON.stringify(question);
  const request = requestOf(form, Date.now());
  return (
    <Confirm
      title="Silence something"
      verb="Silence"
      ready={request !== null && isAnswered}
      run={async () => {
        if (request) await addSilence(request);
        await client.invalidateQueries({ queryKey: ["silences"] });
      }}
      onClose={onClose}
    >
      <SilenceMatch form={form} onChange={change} />
      <SilenceTimes form={form} onChange={change} />
      <ReasonField
        value={form.reason}
        onChange={(reason) => change({ reason })}
        hint="Others see it beside what is silent."
      />
      <label className="check">
        <input
          type="checkbox"
          checked={form.kind === "maintenance"}
          onChange={({ target }) => change({ kind: target.checked ? "maintenance" : "silence" })}
        />
        Maintenance: results count neither for nor against the uptime
      </label>
      <NameField />
      <SilencePreview preview={preview} />
    </Confirm>
  );
}
