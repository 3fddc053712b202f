import { connection } from "../api/live.ts";
import { useStore } from "../store.ts";
import { Icon } from "./icon.tsx";

/** Says that what is shown may be old, and from when it is. */
export function ConnectionBanner() {
  const { since } = useStore(connection);
  return (
    <div role="status" className="connection">
      {since !== null && (
        <div className="offline">
          <Icon tone="warn" />
          <p>
            Connection lost, retrying. What you see is from {new Date(since).toLocaleTimeString("en-GB")} and may be out
            of date.
          </p>
        </div>
      )}
    </div>
  );
}
