import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createEmulator } from "emulate";

export const TOKEN = "ghp_ourOwnTokenOfTheTests000";
const HERS = "ghp_adasTokenOfTheTests00000";
export const REPOSITORY = "ada/shop";

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  status: number;
  body: ReturnType<typeof JSON.parse>;
}
/** Takes the place of one answer to such a request: `after` it was carried out, or instead of that. */
interface Fault {
  match: string;
  after?: boolean;
  answer: "hang" | "reset" | { status: number; body?: unknown; headers?: Record<string, string> };
}

interface Forwarded {
  status: number;
  headers: { etag?: string; link?: string };
  text: string;
}

/**
 * GitHub on a real port: the emulator, and in front of it what it lacks (ETags, `repository_dispatch`) and faults. `ada` owns the
 * repository, `bot` is who we are.
 */
export async function startGitHub({ isPrivate = true } = {}) {
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens: { [TOKEN]: { login: "bot", scopes: ["repo"] }, [HERS]: { login: "ada", scopes: ["repo"] } },
      github: {
        users: [{ login: "bot" }, { login: "ada" }],
        repos: [{ owner: "ada", name: "shop", private: isPrivate }],
      },
    },
  });
  const asked: Asked[] = [];
  const faults: Fault[] = [];
  const dispatched: { event_type: string; client_payload: Record<string, unknown> }[] = [];

  async function forward(method: string, url: string, given: Record<string, string>, body: string): Promise<Forwarded> {
    if (/^POST .*\/dispatches$/.test(`${method} ${url}`)) {
      dispatched.push(JSON.parse(body));
      return { status: 204, headers: {}, text: "" };
    }
    const response = await fetch(`${emulator.url}${url}`, { method, headers: given, ...(body === "" ? {} : { body }) });
    const text = await response.text();
    const etag = `"${createHash("sha256").update(text).digest("hex")}"`;
    const link = response.headers.get("link");
    const shown = {
      "content-type": "application/json",
      etag,
      ...(link && { link: link.replaceAll(emulator.url, base()) }),
    };
    return { status: response.status, headers: shown, text };
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", async () => {
      const { method = "", url = "", headers } = request;
      const { pathname: path, searchParams: query } = new URL(url, "http://127.0.0.1");
      const text = Buffer.concat(parts).toString();
      const one: Asked = { method, path, query, status: 0, body: text === "" ? null : JSON.parse(text) };
      asked.push(one);
      const index = faults.findIndex(({ match }) => `${method} ${path}`.includes(match));
      const [fault] = index < 0 ? [] : faults.splice(index, 1);
      const given = { authorization: headers.authorization ?? "", "content-type": "application/json" };
      const real = fault && !fault.after ? undefined : await forward(method, url, given, text);
      if (fault?.answer === "hang") return;
      if (fault?.answer === "reset") return void request.socket.resetAndDestroy();
      const answer = fault
        ? {
            status: fault.answer.status,
            headers: { "content-type": "application/json", ...fault.answer.headers },
            text: JSON.stringify(fault.answer.body ?? {}),
          }
        : real;
      const known = headers["if-none-match"];
      const same = known !== undefined && real?.status === 200 && !fault && known === real.headers.etag;
      one.status = same ? 304 : (answer?.status ?? 500);
      response.writeHead(one.status, answer?.headers).end(same ? undefined : answer?.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function as(token: string, method: string, path: string, body?: unknown) {
    const response = await fetch(`${emulator.url}/repos/${REPOSITORY}${path}`, {
      method,
      headers: { authorization: `token ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : ((await response.json()) as ReturnType<typeof JSON.parse>);
  }
  await as(HERS, "PUT", "/collaborators/bot", { permission: "push" });
  return {
    ...{ asked, faults, dispatched, url: base() },
    /** What ada does on the site. */
    ada: (method: string, path: string, body?: unknown) => as(HERS, method, path, body),
    bot: (method: string, path: string, body?: unknown) => as(TOKEN, method, path, body),
    /** All issues, the oldest first. */
    issues: async () =>
      (await as(HERS, "GET", "/issues?state=all&sort=created&direction=asc&per_page=100")) as ShownIssue[],
    comments: async (number: number) =>
      ((await as(HERS, "GET", `/issues/${number}/comments?per_page=100`)) as { body: string }[]).map(
        ({ body }) => body,
      ),
    writes: () => asked.filter(({ method }) => method !== "GET"),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await emulator.close();
    },
  };
}
export type GitHubDouble = Awaited<ReturnType<typeof startGitHub>>;

interface ShownIssue {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  labels: { name: string }[];
  user: { login: string };
  assignees: { login: string }[];
}
