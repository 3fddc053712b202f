import type { ReleasedService } from "../../store/tables/release.ts";
import { type Listen, recordedOf } from "./recorded.ts";

/** Hexadecimal digits of a digest that people compare. */
const DIGEST_SHOWN = 12;

/** What a plan says of a service: its image, where it listens in its container, and what is opened for it on each host. */
export function usesOf(service: ReleasedService): string[] {
  const { image, spec, listen } = recordedOf(service);
  const inside = spec.port === null ? [] : [`port ${spec.port} in its container`];
  const past = spec.ports.map(
    ({ target, published, protocol }) => `${published ?? "any port"}/${protocol} past the proxy, to ${target}`,
  );
  const routes = service.kind === "http" ? listen.map(routeText) : [];
  return [`image ${shortImage(image)}`, ...inside, ...routes, ...past];
}

function routeText({ port, bind, tls, domain }: Listen): string {
  const scheme = tls ? "https" : "http";
  const at = bind === "0.0.0.0" || bind === "::" ? `port ${port}` : `${bind}:${port}`;
  return `${scheme} on ${at} of each host${domain ? ` for ${domain}` : ""}`;
}

function shortImage(image: string): string {
  return image.replace(/sha256:([0-9a-f]+)$/, (_, digits: string) => `sha256:${digits.slice(0, DIGEST_SHOWN)}`);
}
