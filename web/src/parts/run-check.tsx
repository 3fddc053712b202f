import { useMutation, useQueryClient } from "@tanstack/react-query";
import { runCheck } from "../api/check-queries.ts";
import { latency } from "../view/format.ts";
import { OUTCOME_TONE } from "../view/states.ts";
import { FailureNote } from "./failure-note.tsx";
import { Icon } from "./icon.tsx";

type Run = ReturnType<typeof useRunCheck>;

/** One run outside of the rhythm; what it found is in the lists afterwards. */
export function useRunCheck(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => runCheck(id),
    onSettled: () =>
      Promise.all(
        [["check", id], ["results", id], ["checks"]].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  });
}

export function RunCheckButton({ run }: { run: Run }) {
  return (
    <button type="button" className="button" disabled={run.isPending} onClick={() => run.mutate()}>
      {run.isPending ? "Running…" : "Run now"}
    </button>
  );
}

/** What the run found, or why there was none. */
export function RunCheckNote({ run: { data, error } }: { run: Run }) {
  const tone = data && OUTCOME_TONE[data.outcome];
  return (
    <div role="status" className="live">
      {error && <FailureNote error={error} />}
      {data && tone && (
        <p className="note" data-tone={tone}>
          <Icon tone={tone} />
          <span>
            Run now: {data.outcome}
            {data.class && ` (${data.class})`} in {latency(data.durationMs)}
            {data.detail && `, ${data.detail}`}
          </span>
        </p>
      )}
    </div>
  );
}
