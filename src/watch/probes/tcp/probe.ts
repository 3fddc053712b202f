import { z } from "zod";
import type { TextRule } from "../../../config/expect.ts";
import type { IpVersion, StartTls } from "../../../config/network-checks.ts";
import type { Clock } from "../../../core/clock.ts";
import { assertionFailure } from "../classify.ts";
import { textProblems } from "../expect.ts";
import type { Failure, Probe } from "../probe.ts";
import { judgePeer } from "../tls/chain.ts";
import { type Connection, withConnection } from "./connection.ts";
import { readUntil } from "./read.ts";

const Options = z.object({
  tcp: z.string(),
  send: z.string().optional(),
  expect: z.custom<TextRule>().optional(),
  starttls: z.custom<StartTls>().optional(),
  servername: z.string().optional(),
  ca: z.string().optional(),
  ip: z.custom<IpVersion>().optional(),
});
type Options = z.infer<typeof Options>;

/** Whether somebody accepts connections at host:port and, where that is asked, answers as expected. */
export const tcpProbe: Probe<Options> = {
  id: "tcp",
  Options,
  sideEffects: false,
  run: async (options, context) => {
    const { tcp: address, starttls: secure = false, servername, ca, ip } = options;
    return await withConnection({ address, secure, servername, ca, ip }, context, async (connection) => {
      const { failure, facts } = judgePeer(connection.secure, { now: context.clock.now() });
      return { failure: failure ?? (await exchange(connection, options, context.clock)), facts };
    });
  },
};

/** A pattern that costs more than this in all, in milliseconds, is not tried again with each byte that comes. */
const MOST_COST_MS = 200;

/** One exchange: what we send, until the answer is as expected or nothing more comes. */
async function exchange(
  { socket, watch }: Connection,
  { send, expect: rule }: Options,
  clock: Clock,
): Promise<Failure | null> {
  watch.next("processing");
  if (send !== undefined) socket.write(send);
  if (rule === undefined) return null;
  const problems = (text: string) => textProblems(rule, text, "the answer");
  let costMs = 0;
  const answer = await readUntil(socket, (text) => {
    watch.next("transfer");
    const begun = clock.monotonic();
    const isRight = problems(text).length === 0;
    costMs += clock.monotonic() - begun;
    return isRight || costMs > MOST_COST_MS;
  });
  const found = problems(answer);
  if (found.length === 0) return null;
  if (answer === "") throw socket.errored ?? new Error("the connection was closed without an answer");
  return assertionFailure(found.join("; "));
}
