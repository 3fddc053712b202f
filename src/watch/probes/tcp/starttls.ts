import type { Socket } from "node:net";
import type { StartTls } from "../../../config/network-checks.ts";
import { assertionFailure } from "../classify.ts";
import type { Failure } from "../probe.ts";
import { readUntil } from "./read.ts";

/** What we say, when the answer to it is complete, and when it is a yes. The first answer of some comes unasked. */
interface Turn {
  say?: string | Buffer;
  complete: RegExp;
  yes: RegExp;
}

const LINE = /\n/;
/** The last line of a reply has a blank behind its code, the others a dash. */
const REPLY = /^\d{3} [^\n]*\n/m;
/** The `SSLRequest` of PostgreSQL: its length and its code. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

const DIALOGUES: Record<StartTls, readonly Turn[]> = {
  smtp: [
    { complete: REPLY, yes: /^220/ },
    { say: "EHLO stationmaster\r\n", complete: REPLY, yes: /^250/ },
    { say: "STARTTLS\r\n", complete: REPLY, yes: /^220/ },
  ],
  imap: [
    { complete: LINE, yes: /^\* (?:OK|PREAUTH)/i },
    { say: "a1 STARTTLS\r\n", complete: /^a1 [^\n]*\n/m, yes: /^a1 OK/im },
  ],
  pop3: [
    { complete: LINE, yes: /^\+OK/ },
    { say: "STLS\r\n", complete: LINE, yes: /^\+OK/ },
  ],
  ftp: [
    { complete: REPLY, yes: /^220/ },
    { say: "AUTH TLS\r\n", complete: REPLY, yes: /^234/ },
  ],
  postgres: [{ say: SSL_REQUEST, complete: /./s, yes: /^S/ }],
};

/** Asks for TLS in the server's own protocol (RFC 3207, 2595, 4217, PostgreSQL's SSLRequest). Null when the handshake may begin. */
export async function requestTls(socket: Socket, protocol: StartTls): Promise<Failure | null> {
  for (const { say, complete, yes } of DIALOGUES[protocol]) {
    if (say !== undefined) socket.write(say);
    const answer = await readUntil(socket, (text) => complete.test(text));
    if (!complete.test(answer)) throw socket.errored ?? new Error("the connection was closed before TLS began");
    if (!yes.test(answer))
      return assertionFailure(
        `the server does not turn to TLS (${protocol}): ${JSON.stringify(answer.trim().slice(0, 100))}`,
      );
  }
  return null;
}
