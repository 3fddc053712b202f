import type { IncomingMessage, ServerResponse } from "node:http";

const BODY_LIMIT = 1024 * 1024;

/** An answer that is not a success: status, stable code and one sentence. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** What a handler gets: the request, the parts of its path and its query. */
export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  params: Record<string, string>;
  query: URLSearchParams;
}

/** JSON, raw bytes, or `streaming` when the handler writes the response itself. */
export type Answer =
  | { status: number; json: unknown; headers?: Record<string, string> }
  | { status: number; bytes: Buffer; type: string }
  | "streaming";

export interface Route {
  method: string;
  /** `/orders/:id`; a segment that starts with `:` becomes a parameter. */
  path: string;
  handle(call: Call): Promise<Answer> | Answer;
}

/** Reads the whole body; more than 1 MiB is 413. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => new HttpError(413, "body-too-large", "the body is larger than 1 MiB", { connection: "close" });
  if (Number(request.headers["content-length"] ?? 0) > BODY_LIMIT) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a JSON object; anything else is 400. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = (await readBody(request)).toString("utf8");
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the same answer: the sender sees one message for everything that is not a JSON object.
  }
  throw new HttpError(400, "bad-json", "the body must be a JSON object");
}

export function send(response: ServerResponse, answer: Exclude<Answer, "streaming">): void {
  const bytes = "bytes" in answer ? answer.bytes : Buffer.from(`${JSON.stringify(answer.json)}\n`);
  const type = "bytes" in answer ? answer.type : "application/json; charset=utf-8";
  const headers = "json" in answer ? answer.headers : undefined;
  response.writeHead(answer.status, {
    "content-type": type,
    "content-length": bytes.length,
    "cache-control": "no-store",
    ...headers,
  });
  response.end(bytes);
}
