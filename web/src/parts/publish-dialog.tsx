import { useState } from "react";
import { publish } from "../api/incident-actions.ts";
import { Confirm } from "./confirm.tsx";
import { NameField } from "./name-field.tsx";

/** Tells the users, on the status page. */
export function PublishDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [text, setText] = useState("");
  return (
    <Confirm
      title="Publish on the status page"
      verb="Publish"
      ready={text.trim() !== ""}
      run={() => publish(id, text.trim())}
      onClose={onClose}
    >
      <p>Everybody can read it at once, and it stays. Name no hosts, addresses or people.</p>
      <label className="field">
        <span>Text for the public</span>
        <textarea rows={4} maxLength={2_000} value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <NameField />
    </Confirm>
  );
}
