import type { ReactNode } from "react";
import { useEffect } from "react";

/** The title of a page, also in the browser's tab; `actions` stand at its right. */
export function Heading({ title, lead, actions }: { title: string; lead?: ReactNode; actions?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Stationmaster`;
  }, [title]);
  return (
    <div className="heading">
      <div className="heading-text">
        <h1>{title}</h1>
        {lead && <p className="lead">{lead}</p>}
      </div>
      {actions && <div className="actions">{actions}</div>}
    </div>
  );
}
