import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Config } from "./config.ts";
import type { Database } from "./database.ts";
import { HttpError, type Route, readJson } from "./http.ts";
import { textField } from "./input.ts";
import { hashPassword, verifyPassword } from "./password.ts";

/** A session not used for this long is over, and the clean-up removes it. */
export const STALE = "interval '30 minutes'";

export interface Session {
  id: string;
  userId: number;
  email: string;
}

export function sessionRoutes(database: Database): Route[] {
  return [
    {
      method: "POST",
      path: "/auth/login",
      handle: async ({ request }) => ({ status: 200, json: await login(database, await readJson(request)) }),
    },
    { method: "POST", path: "/auth/logout", handle: ({ request }) => logout(database, request) },
    {
      method: "GET",
      path: "/me",
      handle: async ({ request }) => ({
        status: 200,
        json: { email: (await requireSession(database, request)).email },
      }),
    },
  ];
}

/** The session of the request's Bearer token, marked as used now; 401 without a live one. */
export async function requireSession(database: Database, request: IncomingMessage): Promise<Session> {
  const token = bearer(request);
  const [session] = token
    ? await database.query<{ id: string; userId: number; email: string }>(
        `UPDATE sessions SET last_seen = now() FROM users
         WHERE token_hash = $1 AND last_seen > now() - ${STALE} AND users.id = sessions.user_id
         RETURNING sessions.id, users.id AS "userId", users.email`,
        [hashToken(token)],
      )
    : [];
  if (!session) throw new HttpError(401, "unauthorized", "sign in first", { "www-authenticate": "Bearer" });
  return session;
}

async function login(database: Database, body: Record<string, unknown>): Promise<{ token: string }> {
  const email = textField(body, "email", 254).toLowerCase();
  const password = textField(body, "password", 200);
  const [user] = await database.query<{ id: number; password: string }>(
    "SELECT id, password FROM users WHERE email = $1",
    [email],
  );
  const matches = await verifyPassword(password, user?.password);
  if (!user || !matches) throw new HttpError(401, "bad-credentials", "email or password is wrong");
  const token = randomBytes(32).toString("base64url");
  await database.query("INSERT INTO sessions (token_hash, user_id) VALUES ($1, $2)", [hashToken(token), user.id]);
  return { token };
}

async function logout(database: Database, request: IncomingMessage) {
  const session = await requireSession(database, request);
  await database.query("DELETE FROM sessions WHERE id = $1", [session.id]);
  return { status: 200, json: { signedOut: true } };
}

/** Makes the canary user, or gives it the configured password when that changed. */
export async function seedCanary(database: Database, canary: Config["canary"]): Promise<void> {
  if (!canary) return;
  const email = canary.email.toLowerCase();
  const [user] = await database.query<{ password: string }>("SELECT password FROM users WHERE email = $1", [email]);
  if (user && (await verifyPassword(canary.password, user.password))) return;
  await database.query(
    "INSERT INTO users (email, password) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET password = excluded.password",
    [email, await hashPassword(canary.password)],
  );
}

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer ([\w-]{1,200})$/i.exec(request.headers.authorization ?? "")?.[1];
}

function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
