import { z } from "zod";
import { Text, Whole } from "./values.ts";

const Protocol = z.enum(["tcp", "udp", "sctp"]);
/** A port of a container; `published` null where the host's port is any, `host_ip` null where it is every address. */
export const PublishedPort = z.object({
  target: z.int(),
  published: z.int().nullable(),
  host_ip: Text.nullable(),
  protocol: Protocol,
});
export type PublishedPort = z.output<typeof PublishedPort>;

const Long = z
  .strictObject({
    target: Whole,
    published: z.union([z.int(), Text]).optional(),
    host_ip: Text.optional(),
    protocol: Protocol.default("tcp"),
    mode: z.enum(["host", "ingress"]).optional(),
    name: Text.optional(),
    app_protocol: Text.optional(),
  })
  .transform(({ target, published, host_ip, protocol }, context): PublishedPort[] => {
    const places = published === undefined || published === "" ? [null] : range(String(published));
    if (!places) context.addIssue(`"${published}" is no port`);
    return [{ target, published: places?.[0] ?? null, host_ip: host_ip ?? null, protocol }];
  });
const Short = z.union([z.int().transform(String), Text]).transform((text, context): PublishedPort[] => {
  const ports = readPorts(text);
  if (!ports) context.addIssue(`"${text}" is not [ADDRESS:][HOST:]CONTAINER[/tcp]`);
  return ports ?? [];
});
/** `ports` of a service. */
export const Ports = z.array(z.union([Short, Long])).transform((ports) => ports.flat());

const SHORT = /^(?:(?:(\[[0-9a-f:.]+\]|[^[\]:]*):)?(\d*(?:-\d+)?):)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/i;

/**
 * Reads `[[address:]host:]container[/protocol]`, each port a number or a range of the same length
 * (compose-spec, "ports, short syntax"); undefined when it is none.
 */
function readPorts(text: string): PublishedPort[] | undefined {
  const match = SHORT.exec(text);
  if (!match) return undefined;
  const [, address, host, container = "", protocol = "tcp"] = match;
  const targets = range(container);
  const published = host ? range(host) : undefined;
  if (!targets || (host && !published)) return undefined;
  if (published && published.length !== targets.length && targets.length !== 1) return undefined;
  return targets.map((target, index) => ({
    target,
    // Of a range for one port Docker takes any; the first is as good.
    published: published?.[index] ?? null,
    host_ip: address ? address.replace(/^\[|\]$/g, "") : null,
    protocol: Protocol.parse(protocol.toLowerCase()),
  }));
}

/** A port or a range such as `3000-3005`; undefined when it is none. */
function range(text: string): number[] | undefined {
  const [first = 0, last = first] = text.split("-").map(Number);
  if (first < 1 || last > 65_535 || last < first) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
