import { existsSync } from "node:fs";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Context } from "hono";
import type { App } from "./routes/route.ts";

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Stationmaster</title>
<h1>Stationmaster is running</h1>
<p>The dashboard is not built yet. Build it in the folder of Stationmaster with <code>npm run build</code>, then reload.</p>
<p>The same facts: <code>stationmaster status</code>, <a href="/api/status">/api/status</a>, <a href="/openapi.json">/openapi.json</a>.</p>
</html>
`;

/**
 * Serves the built dashboard in `webRoot`: its files, and its page for every other path, so that deep links work.
 * Names of files under /assets contain their hash, so they are kept for ever; the page is asked for each time.
 */
export function serveDashboard(app: App, webRoot: string | undefined): void {
  if (webRoot !== undefined) {
    // `root` would be looked for, and missed aloud, when the server starts; the dashboard may be built later.
    const files = serveStatic({ rewriteRequestPath: (path) => join(webRoot, path), onFound: setCaching });
    app.get("*", async (c, next) => (isHidden(c.req.path) ? next() : files(c, next)));
  }
  app.get("*", async (c, next) => {
    if (c.req.path.startsWith("/assets/")) return c.notFound();
    c.header("cache-control", "no-cache");
    const page = webRoot === undefined ? undefined : join(webRoot, "index.html");
    if (page === undefined || !existsSync(page)) return c.html(NOT_BUILT);
    return (await serveStatic({ path: page })(c, next)) ?? c.notFound();
  });
}

function isHidden(path: string): boolean {
  return path.split("/").some((part) => part.startsWith("."));
}

function setCaching(_file: string, c: Context): void {
  const forEver = c.req.path.startsWith("/assets/");
  c.header("cache-control", forEver ? "public, max-age=31536000, immutable" : "no-cache");
}
