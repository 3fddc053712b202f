import type { LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { z } from "zod";
import type { IpVersion } from "../../../config/network-checks.ts";
import { type Address, familyOf, parseAddress } from "../address.ts";
import { assertionFailure } from "../classify.ts";
import { contentOf, readServers } from "../names/files.ts";
import type { Failure, Probe } from "../probe.ts";
import { startStopwatch } from "../stopwatch.ts";
import { type Question, query } from "./query.ts";
import { recordProblems, recordText } from "./records.ts";

const DNS_PORT = 53;
const Records = z.union([z.string(), z.array(z.string())]).optional();
const Options = z.object({
  dns: z.string(),
  type: z.custom<Question["type"]>().default("A"),
  resolver: z.string().optional(),
  rcode: z.string().default("NOERROR"),
  equals: Records,
  contains: Records,
  ip: z.custom<IpVersion>().optional(),
});

/** Asks for the records of a name from one DNS server: the first of those in `resolvConf` where none is named. */
export function createDnsProbe({ resolvConf = "/etc/resolv.conf" } = {}): Probe<z.infer<typeof Options>> {
  const systemServers = contentOf(resolvConf, readServers);
  return {
    id: "dns",
    Options,
    sideEffects: false,
    run: async ({ dns: name, type, resolver, ip, ...expected }, { signal, timeoutMs, clock, lookup }) => {
      const watch = startStopwatch(clock);
      const said = serverOf(resolver ?? systemServers()[0] ?? "127.0.0.1");
      const judged = async (): Promise<Failure | null> => {
        const { address: host, family } = await addressOf(said.host, ip, lookup);
        const server = { host, port: said.port };
        const asked = { server, lookup, family: family === 6 ? 6 : 4, signal, timeoutMs, watch } as const;
        const { rcode, answers = [] } = await query({ name, type }, asked);
        if (rcode !== expected.rcode)
          return dnsFailure(`${said.host} answered ${rcode} for ${name}, expected ${expected.rcode}`);
        const problems = recordProblems(answers.filter((answer) => answer.type === type).map(recordText), expected);
        return problems.length > 0 ? assertionFailure(`${type} ${name}: ${problems.join("; ")}`) : null;
      };
      const late = Promise.withResolvers<Failure>();
      const onDeadline = () =>
        late.resolve(dnsFailure(`${said.host} did not answer within ${Math.round(timeoutMs)} ms, over UDP and TCP`));
      signal.addEventListener("abort", onDeadline, { once: true });
      if (signal.aborted) onDeadline();
      const failure = await Promise.race([judged(), late.promise]).catch((error: unknown) =>
        signal.aborted
          ? late.promise
          : dnsFailure(`${said.host} cannot be asked: ${error instanceof Error ? error.message : String(error)}`),
      );
      signal.removeEventListener("abort", onDeadline);
      watch.next("end");
      return { failure, phases: watch.phases, body: null };
    },
  };
}

/** The one of this machine. */
export const dnsProbe = createDnsProbe();

function addressOf(host: string, ip: IpVersion | undefined, lookup: LookupFunction): Promise<LookupAddress> {
  return new Promise((resolve, reject) => {
    lookup(host, { family: familyOf(ip) }, (error, address, family = 4) =>
      error ? reject(error) : resolve({ address: String(address), family }),
    );
  });
}

/** An address with or without a port; of IPv6 without brackets there is none. */
function serverOf(text: string): Address {
  const address = isIP(text) ? undefined : parseAddress(text);
  return address ?? { host: text.replace(/^\[|\]$/g, ""), port: DNS_PORT };
}

function dnsFailure(detail: string): Failure {
  return { outcome: "fail", class: "dns", family: "dns", detail };
}
