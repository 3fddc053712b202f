import { connect } from "node:net";
import { ExternalError, systemCode } from "../../../core/errors.ts";
import type { Host } from "../../../exec/host.ts";

const DEADLINE_MS = 10_000;
/** The proxy reads a line of commands into one buffer. */
const LONGEST_LINE = 8_000;

/**
 * Sends commands to the proxy's socket and answers what it says; undefined when nobody listens there. Each line is a connection
 * of its own, so that a proxy that is replaced meanwhile is noticed. `ExternalError` `SM-PROXY-DEADLINE` after 10 s.
 */
export async function ask(
  host: Host,
  socket: string,
  commands: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  let said = "";
  for (const line of linesOf(commands)) {
    const answer = await exchange(host, await host.forwardSocket(socket, signal), line, signal);
    if (answer === undefined) return undefined;
    said += answer;
  }
  return said;
}

/** Commands in as few lines as fit the buffer. */
export function linesOf(commands: readonly string[]): string[] {
  const lines: string[] = [];
  for (const command of commands) {
    const joined = `${lines.at(-1)};${command}`;
    if (lines.length > 0 && joined.length <= LONGEST_LINE) lines[lines.length - 1] = joined;
    else lines.push(command);
  }
  return lines;
}

function exchange(host: Host, path: string, line: string, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    const socket = connect(path);
    const timer = setTimeout(
      () =>
        socket.destroy(
          new ExternalError({
            code: "SM-PROXY-DEADLINE",
            message: `${host.name}: the proxy did not answer within ${DEADLINE_MS / 1_000} s`,
            next: "look at the load of that host",
            retryable: true,
          }),
        ),
      DEADLINE_MS,
    );
    const abort = () => socket.destroy(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    let failure: Error | undefined;
    // Half-closed: otherwise it waits for more commands.
    socket.once("connect", () => socket.end(`${line}\n`));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.once("error", (error) => {
      failure = error;
    });
    socket.once("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      if (failure && !isAbsence(failure)) return fail(failure);
      // A way over SSH is there even when nobody listens at its end; an answer has at least an empty line.
      done(failure || chunks.length === 0 ? undefined : Buffer.concat(chunks).toString("utf8"));
    });
  });
}

function isAbsence(error: Error): boolean {
  return ["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(systemCode(error) ?? "");
}
