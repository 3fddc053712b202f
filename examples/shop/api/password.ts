import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const KEY_BYTES = 32;

/** `scrypt$salt$key`, both base64url, with Node's default cost (N 16384, r 8, p 1). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, KEY_BYTES);
  return `scrypt$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** With no stored hash it takes the same time and says no, so that answers do not tell which addresses exist. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, salt = "", key = ""] = (stored ?? "").split("$");
  const expected = Buffer.from(key, "base64url");
  const actual = await derive(password, Buffer.from(salt, "base64url"), KEY_BYTES);
  return expected.length === KEY_BYTES && timingSafeEqual(actual, expected);
}
