import { z } from "zod";
import type { Expect } from "../../../config/expect.ts";
import type { ClientTls, IpVersion } from "../../../config/network-checks.ts";
import { toKnownError } from "../../../core/errors.ts";
import { DEFAULT_EXPECT, evaluate, statusMatches } from "../expect.ts";
import type { Failure, Probe, ProbeContext } from "../probe.ts";
import { endFacts } from "../tls/chain.ts";
import { tlsContext } from "../tls/handshake.ts";
import { ask } from "./request.ts";

const Options = z.object({
  url: z.string(),
  method: z.string().default("GET"),
  headers: z.record(z.string(), z.string()).default({}),
  json: z.unknown().optional(),
  body: z.string().optional(),
  expect: z.custom<Expect>().default(DEFAULT_EXPECT),
  through: z.string().optional(),
  redirects: z.number().optional(),
  max_body: z.number().optional(),
  tls: z.custom<ClientTls>().optional(),
  ip: z.custom<IpVersion>().optional(),
});

/** One HTTP request, then assertions. */
export const httpProbe: Probe<z.infer<typeof Options>> = {
  id: "http",
  Options,
  sideEffects: false,
  run: async ({ expect, through, tls, ip, max_body: maxBody, ...wanted }, context) => {
    const url = through === undefined ? wanted.url : await addressThrough(through, wanted.url, context);
    if (typeof url !== "string") return { failure: url, phases: null, body: null };
    const secureContext = tls && (await tlsContext(tls));
    const isAnswer = (status: number) => statusMatches(status, expect.status);
    const asked = await ask({ ...wanted, url, maxBody, isAnswer }, { ...context, ip, secureContext });
    if ("failure" in asked) return { ...asked, body: null };
    const { phases, text: body, certificate } = asked.answer;
    return {
      failure: evaluate(expect, asked.answer),
      phases,
      body,
      ...(certificate && { facts: endFacts(certificate) }),
    };
  },
};

/** The address as it is called from here. That there is no way to the host says nothing about the service. */
async function addressThrough(
  host: string,
  address: string,
  { reach, signal }: Pick<ProbeContext, "reach" | "signal">,
): Promise<string | Failure> {
  try {
    const url = new URL(address);
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
    url.port = String(await reach?.(host, port, signal));
    return url.href;
  } catch (error) {
    const detail = `no way to ${host}: ${toKnownError(error).message}`;
    return { outcome: "unknown", class: "prober", family: "none", detail };
  }
}
