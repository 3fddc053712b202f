import { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { WireAnswer } from "./exchange.ts";

interface Body {
  text: string;
  /** Whether more followed than was read. */
  truncated: boolean;
}

const DECODERS = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** The text of an answer. We ask for no compression; of a server that compresses all the same `maxBody` bytes are unpacked. */
export async function readBody(answer: WireAnswer, maxBody: number, signal: AbortSignal): Promise<Body> {
  const encoding = String(answer.headers["content-encoding"] ?? "")
    .trim()
    .toLowerCase();
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding as keyof typeof DECODERS] : undefined;
  if (!decoder || answer.raw.length === 0) return { text: decode(answer.raw, answer), truncated: answer.truncated };
  const stream = Readable.from([answer.raw]).pipe(decoder());
  const chunks: Buffer[] = [];
  let size = 0;
  let truncated = answer.truncated;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.length;
      truncated ||= size > maxBody;
      if (size > maxBody || signal.aborted) break;
    }
  } catch {
    // Cut off or not what the header says: what came out so far is all there is.
    truncated = true;
  } finally {
    stream.destroy();
  }
  return { text: decode(Buffer.concat(chunks).subarray(0, maxBody), answer), truncated };
}

function decode(bytes: Buffer, answer: WireAnswer): string {
  const charset = /charset="?([\w-]+)/i.exec(String(answer.headers["content-type"] ?? ""))?.[1];
  if (!charset || /^utf-?8$/i.test(charset)) return bytes.toString("utf8");
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString("utf8");
  }
}
