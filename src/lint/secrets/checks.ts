import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK_DIGITS = 6;

/** Whether the last six signs of a token of GitHub or npm are the check digits of those between them and the prefix. */
export function hasCheckDigits(token: string): boolean {
  const body = token.slice(token.lastIndexOf("_") + 1, -CHECK_DIGITS);
  return base62(crc32(body)) === token.slice(-CHECK_DIGITS);
}

/** The check digits of a body, as GitHub and npm write them behind it. */
function base62(value: number): string {
  let digits = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / BASE62.length))
    digits = BASE62[rest % BASE62.length] + digits;
  return digits.padStart(CHECK_DIGITS, "0");
}

/** What a JSON Web Token says of itself; undefined for what is none. */
export function jwtClaims(token: string): Record<string, unknown> | undefined {
  const [head, body] = token.split(".").map(decodeJson);
  return head && body && typeof head.alg === "string" ? body : undefined;
}

// Values that documentation or an emulator gives to everybody, by their hash so that no token stands here.
const PUBLIC_VALUES = new Set([
  // Account keys of the emulators of Azure: storage, Cosmos DB.
  "0011cc25",
  "aa654743",
]);

/** Whether everybody has this value. */
export function isPublicValue(value: string): boolean {
  return PUBLIC_VALUES.has(createHash("sha256").update(value).digest("hex").slice(0, 8));
}

function decodeJson(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
