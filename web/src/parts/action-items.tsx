import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ActionItemRequest } from "../../../src/contract/report.ts";
import { addActionItem, useActionItems } from "../api/report-queries.ts";
import { ActionItemTable } from "./action-item-table.tsx";
import { Answer } from "./answer.tsx";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { Empty } from "./empty.tsx";
import { NameField } from "./name-field.tsx";
import { Section } from "./section.tsx";

/** What has to be done so that it does not happen again. */
export function ActionItems({ incident }: { incident: string }) {
  const items = useActionItems(incident);
  return (
    <Section
      title="Action items"
      aside={
        <ConfirmButton label="Add" className="small" title="Add an action item">
          {(close) => <AddDialog incident={incident} onClose={close} />}
        </ConfirmButton>
      }
    >
      <Answer query={items}>
        {(data) =>
          data.length > 0 ? (
            <ActionItemTable items={data} />
          ) : (
            <Empty title="None yet">
              What is to be done so that it does not happen again, with an owner and a day.
            </Empty>
          )
        }
      </Answer>
    </Section>
  );
}

function AddDialog({ incident, onClose }: { incident: string; onClose: () => void }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [owner, setOwner] = useState("");
  const [due, setDue] = useState("");
  const request = ActionItemRequest.safeParse({ text: text.trim(), owner: owner.trim(), due });
  return (
    <Confirm
      title="Add an action item"
      verb="Add"
      ready={request.success}
      run={async () => {
        if (request.success) await addActionItem(incident, request.data);
        await client.invalidateQueries({ queryKey: ["action-items"] });
      }}
      onClose={onClose}
    >
      <label className="field">
        <span>What is to be done</span>
        <textarea rows={2} maxLength={500} value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      <div className="field-row">
        <label className="field">
          <span>Owner</span>
          <input type="text" maxLength={100} value={owner} onChange={({ target }) => setOwner(target.value)} />
        </label>
        <label className="field">
          <span>Due</span>
          <input type="date" value={due} onChange={({ target }) => setDue(target.value)} />
        </label>
      </div>
      <NameField />
    </Confirm>
  );
}
