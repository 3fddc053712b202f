import type { Service } from "../../../src/contract/service.ts";

/** The address that users of the service call, or its peers where nobody else does; a worker has none. */
export function RoutedUrl({ service }: { service: Service }) {
  if (!service.url)
    return <span className="muted">{service.kind === "worker" ? "worker, no address" : "no address"}</span>;
  if (service.internal)
    return (
      <span className="muted">
        <span className="url">{service.url}</span> (internal)
      </span>
    );
  // Only what a browser can open safely becomes a link.
  if (!/^https?:\/\//.test(service.url)) return <span>{service.url}</span>;
  return (
    <a className="url" href={service.url} target="_blank" rel="noreferrer">
      {service.url}
      <span className="hidden"> (opens in a new tab)</span>
    </a>
  );
}
