import type { Socket } from "node:net";

const MOST_BYTES = 64 * 1024;

/** Reads text until it is enough, the other side ends, or 64 KiB have come. What arrives after that is for the next reader. */
export async function readUntil(socket: Socket, isEnough: (text: string) => boolean): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  return await new Promise((resolve) => {
    const text = () => Buffer.concat(chunks).toString();
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_BYTES || isEnough(text())) finish();
    };
    const finish = () => {
      socket.off("data", take).off("end", finish).off("close", finish).pause();
      resolve(text());
    };
    socket.on("data", take).once("end", finish).once("close", finish).resume();
    if (socket.destroyed || socket.readableEnded) finish();
  });
}
