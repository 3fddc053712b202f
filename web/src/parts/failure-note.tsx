import { toFailure } from "../api/failure.ts";
import { Icon } from "./icon.tsx";

/** A failed request: code, what, and what to do next. */
export function FailureNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { code, message, next } = toFailure(error);
  return (
    <div className="note" data-tone="bad" role="alert">
      <Icon tone="bad" />
      <div>
        <p>
          {message} <code>{code}</code>
        </p>
        {next && <p>Next: {next}.</p>}
        {onRetry && (
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}
