import type { IncomingMessage, ServerResponse } from "node:http";
import { type Api, ApiDown, ApiRefusal } from "./api.ts";
import { log } from "./log.ts";
import { layout, message } from "./pages.ts";
import { PAGES, type Page } from "./routes.ts";

const FORM_LIMIT = 16 * 1024;
const COOKIE = "shop_session";

export interface Shop {
  api: Api;
  release: string;
  demoLogin: string | undefined;
  stopping(): boolean;
}

/** Answers one request: health, a page, a redirect, or a page that says what went wrong. */
export async function handle(shop: Shop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = URL.parse(request.url ?? "/", "http://web")?.pathname ?? "/";
  if (shop.stopping()) response.setHeader("connection", "close");
  if (path === "/health")
    return sendJson(response, { status: "healthy", release: shop.release, uptime: Math.round(process.uptime()) });
  const started = performance.now();
  response.on("close", () =>
    log("info", "request", {
      method: request.method,
      path,
      status: response.statusCode,
      ms: Math.round(performance.now() - started),
    }),
  );
  const token = readToken(request);
  const frame = { release: shop.release, signedIn: token !== undefined };
  try {
    const page = await visit(shop, request, path, token);
    if ("css" in page) return sendText(response, 200, "text/css", page.css);
    if ("redirect" in page) return redirect(response, page);
    sendText(response, page.status ?? 200, "text/html", layout(frame, page.title, page.content));
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 401)
      return redirect(response, { redirect: "/login", token: null });
    const { status, title, text } = explain(error);
    if (status >= 500)
      log("warn", "page failed", { path, reason: error instanceof Error ? error.message : String(error) });
    sendText(response, status, "text/html", layout(frame, title, message(text)));
  } finally {
    if (!request.readableEnded) request.resume();
  }
}

async function visit(shop: Shop, request: IncomingMessage, path: string, token: string | undefined): Promise<Page> {
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const [, id] = /^\/products\/([^/]+)$/.exec(path) ?? [];
  const page = PAGES[`${method} ${id === undefined ? path : "/products/:id"}`];
  if (!page) throw new ApiRefusal(404, "there is no such page");
  if (method === "POST" && !sameOrigin(request)) throw new ApiRefusal(403, "this form was sent from another site");
  const form = method === "POST" ? await readForm(request) : new URLSearchParams();
  return page({ api: shop.api, token, form, id: safeDecode(id ?? ""), demoLogin: shop.demoLogin });
}

function explain(error: unknown): { status: number; title: string; text: string } {
  if (error instanceof ApiDown)
    return {
      status: 503,
      title: "Back in a moment",
      text: "The shop is not answering right now. Please try again shortly.",
    };
  if (error instanceof ApiRefusal)
    return {
      status: error.status,
      title: error.status === 404 ? "Not found" : "That did not work",
      text: `Sorry: ${error.message}.`,
    };
  return { status: 500, title: "Something went wrong", text: "We have made a note of it." };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    text += chunk.toString("utf8");
    if (text.length > FORM_LIMIT) throw new ApiRefusal(413, "the form is too large");
  }
  return new URLSearchParams(text);
}

/** Browsers send Origin with every POST; a form on another site cannot hide it. */
function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return [host, request.headers["x-forwarded-host"]].includes(URL.parse(origin)?.host);
}

function readToken(request: IncomingMessage): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? "")?.[1];
}

function redirect(
  response: ServerResponse,
  { redirect: location, token }: { redirect: string; token?: string | null },
): void {
  if (token !== undefined)
    response.setHeader(
      "set-cookie",
      `${COOKIE}=${token ?? ""}; Path=/; HttpOnly; SameSite=Lax${token ? "" : "; Max-Age=0"}`,
    );
  response.writeHead(303, { location }).end();
}

function sendJson(response: ServerResponse, value: unknown): void {
  sendText(response, 200, "application/json", `${JSON.stringify(value)}\n`);
}

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": type === "text/css" ? "max-age=300" : "no-store",
    "content-security-policy":
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    ...(status === 503 ? { "retry-after": "5" } : {}),
  });
  response.end(text);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
