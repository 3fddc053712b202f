import { connect } from "node:net";
import { createTransport } from "nodemailer";
import type { Channel } from "../channel.ts";
import { isConnectionRefused, reasonOf, SendFailure } from "../failure.ts";
import type { Message } from "../message.ts";
import { plainText, titleOf } from "../text.ts";

const LONGEST_TEXT = 20_000;
const STEP_MS = 8_000;

interface EmailOptions {
  /** `host:port`. */
  server: string;
  tls: "starttls" | "implicit" | "none";
  ca?: string | undefined;
  user?: string | undefined;
  password?: string | undefined;
  from: string;
  to: string[];
}

/** Mails over SMTP, one thread an incident. A repeat of a message has the same Message-ID, so that readers see it once. */
export function emailChannel(options: EmailOptions): Channel {
  const { from, to } = options;
  return {
    reaches: "people",
    send: async (message, signal, thread) => {
      const root = await thread.ref();
      const first = root ?? idOf(message, from);
      const answers = root !== undefined && root !== idOf(message, from);
      const transport = open(options, signal);
      let sent: Sent;
      try {
        sent = await transport.sendMail({
          ...{ from, to },
          subject: titleOf(message),
          text: plainText(message, LONGEST_TEXT),
          messageId: idOf(message, from),
          ...(answers ? { inReplyTo: first, references: [first] } : {}),
          headers: { "Auto-Submitted": "auto-generated" },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } catch (error) {
        throw failureOf(options.server, error);
      } finally {
        transport.close();
      }
      if (root === undefined) await thread.keep(first);
      if (sent.rejected.length > 0) throw partly(options.server, sent);
    },
  };
}

function open({ server, tls, ca, user, password }: EmailOptions, signal: AbortSignal) {
  const at = server.lastIndexOf(":");
  return createTransport({
    host: server.slice(0, at),
    port: Number(server.slice(at + 1)),
    secure: tls === "implicit",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(user === undefined ? {} : { auth: { user, pass: password ?? "" } }),
    // Own sockets, since a transport in the middle of a session cannot be ended otherwise.
    getSocket: ({ host, port }, done) => {
      const socket = connect({ host: host ?? "", port: Number(port), signal, timeout: STEP_MS });
      const fail = (error: Error) => done(error, {});
      socket.once("error", fail);
      socket.once("timeout", () => socket.destroy(new Error("no connection in time")));
      socket.once("connect", () => {
        socket.off("error", fail);
        done(null, { connection: socket });
      });
    },
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
  });
}

/** What the server says of readers that it does not take. */
interface Sent {
  rejected: readonly unknown[];
  rejectedErrors?: readonly { responseCode?: number }[];
}

/** The others have it. */
function partly(server: string, { rejected, rejectedErrors = [] }: Sent): SendFailure {
  const answers = [...new Set(rejectedErrors.map(({ responseCode }) => responseCode))].join(", ");
  return new SendFailure({
    ...{ who: `email ${server}`, retryable: false, partly: true },
    reason: `${rejected.join(", ")} refused${answers && ` (answered ${answers})`}, the others have it`,
  });
}

function idOf({ incident, event, turn = 0 }: Message, from: string): string {
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? "stationmaster.invalid";
  return `<${incident.id}.${event}.${turn}@${domain}>`;
}

/** 5xx answers and a refused sign-in are for good, 4xx and broken sessions pass. */
function failureOf(server: string, error: unknown): SendFailure {
  const { responseCode: status, code } = error as { responseCode?: number; code?: string };
  const isFinal = status === undefined ? code === "EAUTH" || code === "ETLS" : status >= 500;
  return new SendFailure({
    ...{ who: `email ${server}`, status, cause: error },
    reason: status === undefined ? (error instanceof Error ? error.message : reasonOf(error)) : `answered ${status}`,
    retryable: !isFinal,
    isRefused: status !== undefined || isConnectionRefused(error) || /ECONNREFUSED|ENOTFOUND/.test(String(error)),
  });
}
