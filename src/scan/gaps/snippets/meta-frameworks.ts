import { PINO } from "./javascript.ts";
import { type Snippets, snippet } from "./snippet.ts";

const logging = (file: string) => snippet(PINO, file);

export const nuxt: Snippets = {
  health: snippet('export default defineEventHandler(() => ({ status: "ok" }));', "server/routes/healthz.get.ts"),
  logging: logging("server/utils/logger.ts"),
};

export const sveltekit: Snippets = {
  health: snippet('export const GET = () => Response.json({ status: "ok" });', "src/routes/healthz/+server.ts"),
  logging: logging("src/lib/server/logger.ts"),
};

export const remix: Snippets = {
  health: snippet('export const loader = () => Response.json({ status: "ok" });', "app/routes/healthz.ts"),
  logging: logging("app/logger.server.ts"),
};

export const elysia: Snippets = {
  health: snippet('app.get("/healthz", () => ({ status: "ok" }));'),
  logging: snippet(PINO),
};
