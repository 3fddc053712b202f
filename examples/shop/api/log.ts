export type Level = "info" | "warn" | "error";

/** Writes one JSON line to standard output. */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, service: "api", message, ...fields })}\n`,
  );
}
