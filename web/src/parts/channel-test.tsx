import { useMutation } from "@tanstack/react-query";
import { toFailure } from "../api/failure.ts";
import { testChannel } from "../api/incident-actions.ts";
import { duration } from "../view/format.ts";

/** Sends a marked test message, and says what became of it. */
export function ChannelTestButton({ channel }: { channel: string }) {
  const trial = useMutation({ mutationFn: () => testChannel(channel) });
  const [result] = trial.data ?? [];
  return (
    <span className="test">
      <button
        type="button"
        className="button small"
        disabled={trial.isPending}
        aria-label={`Test ${channel}`}
        onClick={() => trial.mutate()}
      >
        {trial.isPending ? "Sending…" : "Test"}
      </button>
      <span role="status">
        {result?.accepted && <span className="muted">accepted after {duration(result.ms)}</span>}
        {result && !result.accepted && <span className="problem">refused: {result.error}</span>}
        {trial.error && <span className="problem">{toFailure(trial.error).message}</span>}
      </span>
    </span>
  );
}
