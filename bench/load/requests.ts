import { randomBytes } from "node:crypto";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";

export type Kind = "getKeepAlive" | "getNew" | "postBody";

export interface Exchange {
  url: URL;
  kind: Kind;
  agent: Agent;
  timeoutMs: number;
  /** Its number among the clients. */
  client: number;
}

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

export function createAgent(): Agent {
  return new Agent({ keepAlive: true, maxFreeSockets: 1_024 });
}

/** One request; rejects with a reason for people when it is reset, late, or its echo is not what was sent. */
export async function exchange({ url, kind, agent, timeoutMs, client }: Exchange): Promise<Answer> {
  const sent = kind === "postBody" ? randomBytes(16 + Math.floor(Math.random() * 8_192)) : undefined;
  const answer = await new Promise<Answer>((done, fail) => {
    const request = httpRequest(url, {
      method: sent ? "POST" : "GET",
      agent: kind === "getNew" ? false : agent,
      headers: {
        "user-agent": `load/${client}`,
        ...(sent ? { "content-type": "application/octet-stream", "content-length": sent.length } : {}),
      },
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const end = (error: Error) => {
      clearTimeout(timer);
      fail(error);
    };
    request.on("error", end);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", end);
      response.on("end", () => {
        clearTimeout(timer);
        if (!response.complete) return fail(new Error("answer cut off"));
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    request.end(sent);
  });
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`status ${answer.status}: ${answer.body.toString("utf8").slice(0, 80).trim()}`);
  if (sent && !sent.equals(answer.body))
    throw new Error(`wrong body: ${sent.length} bytes sent, ${answer.body.length} came back`);
  return answer;
}
