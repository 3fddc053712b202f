import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PreviewRequest } from "../../../src/contract/preview.ts";
import { openPreview } from "../api/actions.ts";
import { Confirm } from "./confirm.tsx";

/** Makes or renews the preview of a branch or pull request. */
export function OpenPreviewDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [ref, setRef] = useState("");
  const [pull, setPull] = useState("");
  const [fork, setFork] = useState(false);
  const request = PreviewRequest.safeParse({ ref: ref.trim(), fork, ...(pull.trim() && { pr: Number(pull) }) });
  const typed = ref.trim() !== "";
  return (
    <Confirm
      title="Open a preview"
      verb="Open"
      ready={request.success}
      run={async () => {
        if (!request.success) return;
        await openPreview(request.data);
        await client.invalidateQueries({ queryKey: ["previews"] });
      }}
      onClose={onClose}
    >
      <label className="field">
        <span>Branch or ref</span>
        <input
          type="text"
          value={ref}
          autoComplete="off"
          spellCheck={false}
          placeholder="feature/login, or refs/pull/7/head"
          onChange={(event) => setRef(event.target.value)}
        />
      </label>
      <label className="field">
        <span>Pull request (optional)</span>
        <input
          type="text"
          inputMode="numeric"
          value={pull}
          placeholder="its number"
          autoComplete="off"
          onChange={(event) => setPull(event.target.value)}
        />
      </label>
      <label className="check">
        <input type="checkbox" checked={fork} onChange={(event) => setFork(event.target.checked)} />
        It comes from a fork: no secrets
      </label>
      {typed && !request.success && (
        <p className="problem">
          {request.error.issues[0]?.path[0] === "pr"
            ? "A pull request is a number."
            : "A branch, or a ref such as refs/pull/7/head."}
        </p>
      )}
    </Confirm>
  );
}
