import type { Socket } from "node:net";

const MOST_BYTES = 64 * 1024;
/** Between two looks at what came, unless it has doubled: a look reads all of it, and some servers send it byte by byte. */
const PAUSE_MS = 10;

/** Reads text until it is enough, the other side ends, or 64 KiB have come. What arrives after that is for the next reader. */
export async function readUntil(socket: Socket, isEnough: (text: string) => boolean): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  let seen = 0;
  let pause: NodeJS.Timeout | undefined;
  return await new Promise((resolve) => {
    const text = () => Buffer.concat(chunks).toString();
    const look = () => {
      clearTimeout(pause);
      pause = undefined;
      seen = size;
      if (isEnough(text())) finish();
    };
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_BYTES) finish();
      else if (size >= 2 * seen) look();
      else pause ??= setTimeout(look, PAUSE_MS);
    };
    const finish = () => {
      clearTimeout(pause);
      socket.off("data", take).off("end", finish).off("close", finish).pause();
      resolve(text());
    };
    socket.on("data", take).once("end", finish).once("close", finish).resume();
    if (socket.destroyed || socket.readableEnded) finish();
  });
}
