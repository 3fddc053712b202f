import { randomBytes } from "node:crypto";

/** A short id that sorts by creation time to the millisecond: `inc-mi8x2k1p3f9a`. */
export function newId(prefix: string, now = Date.now()): string {
  return `${prefix}-${now.toString(36).padStart(8, "0")}${randomBytes(2).toString("hex")}`;
}
