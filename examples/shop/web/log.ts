/** Writes one JSON line to standard output. */
export function log(level: "info" | "warn" | "error", message: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, service: "web", message, ...fields })}\n`,
  );
}
