import { z } from "zod";
import { assertionFailure } from "../classify.ts";
import type { Failure, Probe, ProbeAnswer } from "../probe.ts";
import { type Connection, withConnection } from "../tcp/connection.ts";
import { readUntil } from "../tcp/read.ts";
import { judgePeer } from "../tls/chain.ts";
import { judgeInfo, readInfo } from "./info.ts";
import { commandsText, type Reply, readReplies } from "./replies.ts";

const Options = z.object({
  redis: z.string(),
  role: z.enum(["primary", "replica"]).optional(),
  max_memory: z.number().optional(),
});
type Options = z.infer<typeof Options>;

/** Whether the server answers PING, has the role it should have, and has memory left. */
export const redisProbe: Probe<Options> = {
  id: "redis",
  Options,
  sideEffects: false,
  run: async (options, context) => {
    const url = URL.parse(options.redis);
    if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === "")
      return { failure: assertionFailure("the address is not redis://host:port"), phases: null, body: null };
    const target = { address: `${url.hostname}:${url.port || "6379"}`, secure: url.protocol === "rediss:" };
    return await withConnection(target, context, async (connection) => {
      const { failure, facts } = judgePeer(connection.secure, { now: context.clock.now() });
      if (failure) return { failure, facts };
      const said = await ask(connection, url, options);
      return { failure: said.failure, facts: { ...facts, ...said.facts } };
    });
  },
};

/** The protocol is spoken here: a client library keeps whatever a server sends, and one that never ends would fill our memory. */
async function ask(
  { socket, watch }: Connection,
  url: URL,
  limits: Pick<Options, "role" | "max_memory">,
): Promise<Pick<ProbeAnswer, "failure" | "facts">> {
  watch.next("processing");
  const commands = commandsFor(url);
  socket.write(commandsText(commands));
  const answer = await readUntil(socket, (text) => {
    watch.next("transfer");
    const replies = readReplies(text);
    return replies === null || replies.length >= commands.length || replies.some(isError);
  });
  const replies = readReplies(answer);
  if (replies === null) return { failure: assertionFailure("the answer is not that of a Redis server") };
  const refused = replies.find(isError);
  if (refused) return { failure: classify(refused.error) };
  const info = replies[commands.length - 1];
  if (info?.text !== undefined) return judgeInfo(readInfo(info.text), limits);
  if (socket.destroyed || socket.readableEnded)
    throw socket.errored ?? new Error("the connection was closed without an answer");
  return { failure: { outcome: "fail", class: "query", family: "data", detail: "the answer to INFO does not end" } };
}

/** INFO comes last. */
function commandsFor({ username, password, pathname }: URL): string[][] {
  const names = username === "" ? [] : [decodeURIComponent(username)];
  const database = pathname.slice(1);
  return [
    ...(password === "" ? [] : [["AUTH", ...names, decodeURIComponent(password)]]),
    ...(database === "" ? [] : [["SELECT", database]]),
    ["PING"],
    ["INFO"],
  ];
}

function isError(reply: Reply): reply is Extract<Reply, { error: string }> {
  return reply.error !== undefined;
}

/** The server talks but does not serve: it reads its data in, lost the server it copies, or is full of clients. */
const NOT_SERVING = /^(?:LOADING|MASTERDOWN|CLUSTERDOWN)\b/;
const FULL = /max number of clients reached|^OOM\b/;

function classify(detail: string): Failure {
  if (NOT_SERVING.test(detail)) return { outcome: "fail", class: "refused", family: "availability", detail };
  if (FULL.test(detail)) return { outcome: "fail", class: "full", family: "capacity", detail };
  return { outcome: "fail", class: "query", family: "data", detail };
}
