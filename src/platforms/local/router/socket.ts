import { rm } from "node:fs/promises";
import type { Server } from "node:http";
import { connect } from "node:net";
import { ExternalError, systemCode, UserError } from "../../../core/errors.ts";

/** What `sun_path` of unix(7) holds without its closing zero byte. */
const LONGEST_PATH = process.platform === "linux" ? 107 : 103;

/** Throws a `UserError` (`SM-ROUTER-SOCKET-PATH`) for a path that the kernel would cut off or refuse. */
export function checkSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= LONGEST_PATH) return;
  throw new UserError({
    code: "SM-ROUTER-SOCKET-PATH",
    message: `the socket path ${path} has ${bytes} bytes; unix sockets allow ${LONGEST_PATH}`,
    next: "use a state directory with a shorter path",
  });
}

/** Listens on a socket that only its owner may use. A stale file is replaced; a live router's never (`SM-ROUTER-RUNNING`). */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  checkSocketPath(path);
  if (await isAnswered(path))
    throw new UserError({
      code: "SM-ROUTER-RUNNING",
      message: `a router already answers on ${path}`,
      next: "use that one, or stop it first",
    });
  await rm(path, { force: true });
  // Between bind and chmod anybody could connect; so the file is born private.
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((done, fail) => {
      server.once("error", fail);
      server.listen(path, () => {
        server.off("error", fail);
        done();
      });
    });
  } catch (cause) {
    throw new ExternalError({
      code: "SM-ROUTER-SOCKET",
      message: `cannot listen on ${path} (${systemCode(cause) ?? String(cause)})`,
      next: "check its folder",
      cause,
    });
  } finally {
    process.umask(mask);
  }
}

const ANSWER_MS = 2_000;

/** A file without a listener refuses at once; one that neither refuses nor answers in 2 s is taken for alive. */
async function isAnswered(path: string): Promise<boolean> {
  return await new Promise((done) => {
    const probe = connect(path);
    const finish = (alive: boolean) => {
      clearTimeout(timer);
      probe.destroy();
      done(alive);
    };
    const timer = setTimeout(() => finish(true), ANSWER_MS);
    probe.once("connect", () => finish(true));
    probe.once("error", (error) => finish(!["ENOENT", "ECONNREFUSED", "ENOTSOCK"].includes(systemCode(error) ?? "")));
  });
}
