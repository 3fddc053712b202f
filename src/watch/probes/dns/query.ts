import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import type { LookupFunction, Socket } from "node:net";
import {
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  streamDecode,
  streamEncode,
} from "dns-packet";
import type { Address } from "../address.ts";
import { dial } from "../dial.ts";
import type { Stopwatch } from "../stopwatch.ts";

/** The types of the package leave out what its decoder adds. */
type Reply = DecodedPacket & { rcode: string };

export interface Question {
  name: string;
  type: "A" | "AAAA" | "CAA" | "CNAME" | "MX" | "NS" | "PTR" | "SOA" | "SRV" | "TXT";
}

interface Asking {
  server: Address;
  /** Of the server's address. */
  family: 4 | 6;
  lookup: LookupFunction;
  signal: AbortSignal;
  timeoutMs: number;
  watch: Stopwatch;
}

/** Of the whole time each of two questions over UDP may take this share; the rest is for TCP. */
const UDP_SHARE = 0.25;
const UDP_ATTEMPTS = 2;

/**
 * Asks a DNS server over UDP, once more when nothing comes, then over TCP; at once over TCP where the answer does not fit into UDP.
 * Rejects when there is no answer to be had.
 */
export async function query(question: Question, asking: Asking): Promise<Reply> {
  const packet: Packet = {
    type: "query",
    id: randomInt(65_536),
    flags: RECURSION_DESIRED,
    questions: [{ ...question, class: "IN" }],
  };
  asking.watch.next("processing");
  for (let attempt = 0; attempt < UDP_ATTEMPTS; attempt++) {
    const answer = await overUdp(packet, asking).catch(() => undefined);
    asking.signal.throwIfAborted();
    if (answer?.flag_tc) break;
    if (answer) return answer;
  }
  return await overTcp(packet, asking);
}

async function overUdp(packet: Packet, { server, family, signal, timeoutMs }: Asking): Promise<Reply> {
  const late = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs * UDP_SHARE)]);
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  try {
    return await new Promise((resolve, reject) => {
      late.addEventListener("abort", () => reject(late.reason), { once: true });
      socket.on("error", reject);
      // What is no answer to our question may be somebody's forgery: the real one can still come.
      socket.on("message", (message) => {
        const answer = readAnswer(message, packet, decode);
        if (answer) resolve(answer);
      });
      // Connected, the socket takes datagrams from the server only and hears that nobody listens there. As a callback of
      // `connect` this would be called without a connection too, where there is no way to the server.
      socket.once("connect", () => socket.send(encode(packet)));
      socket.connect(server.port, server.host);
    });
  } finally {
    socket.close();
  }
}

async function overTcp(packet: Packet, { server, lookup, signal, watch }: Asking): Promise<Reply> {
  const socket = await dial(server, { lookup, signal, watch });
  watch.next("processing");
  try {
    socket.write(streamEncode(packet));
    const answer = readAnswer(await readMessage(socket), packet, streamDecode);
    if (!answer) throw new Error("the answer is not one to the question");
    return answer;
  } finally {
    socket.destroy();
  }
}

/** One message of DNS over TCP, with the two bytes of its length in front. */
async function readMessage(socket: Socket): Promise<Buffer> {
  let received: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk as Buffer]);
    if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) return received;
  }
  throw socket.errored ?? new Error("the server closed the connection without an answer");
}

function readAnswer(
  message: Buffer,
  { id, questions = [] }: Packet,
  decodeAs: (message: Buffer) => Packet,
): Reply | undefined {
  try {
    const answer = decodeAs(message) as Reply | undefined;
    const asked = (packet: Packet) => packet.questions?.map(({ name, type }) => `${type} ${name.toLowerCase()}`).join();
    if (answer?.type !== "response" || answer.id !== id) return undefined;
    return asked(answer) === asked({ questions }) ? answer : undefined;
  } catch {
    return undefined;
  }
}
