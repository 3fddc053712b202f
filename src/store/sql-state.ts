import { systemCode } from "../core/errors.ts";

/** The SQLSTATE of a database error (the query layer wraps the driver's), if it is one. */
export function sqlState(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = systemCode(current);
    if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

/** Whether PostgreSQL refused a value for what it is (class 22, e.g. NUL in a text): trying again changes nothing. */
export function isDataException(error: unknown): boolean {
  return sqlState(error)?.startsWith("22") ?? false;
}

/** Whether PostgreSQL may take the same later: a conflict, no room, a lock, an operator or its own trouble (classes 40, 53, 55, 57, 58). */
export function mayBeTaken(error: unknown): boolean {
  return /^(40|53|55|57|58)/.test(sqlState(error) ?? "");
}
