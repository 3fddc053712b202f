import { formatDuration } from "../../core/duration.ts";
import { print, printJson, state, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const checks = await usecases.checks();
    if (options.json) return printJson({ checks });
    const ms = (value: number | null) => (value === null ? "–" : `${value.toFixed(0)} ms`);
    const rows = checks.map((item) => [
      item.id,
      state(item.verdict),
      formatDuration(item.everyMs),
      item.uptime24h === null ? "–" : `${(item.uptime24h * 100).toFixed(2)} %`,
      ms(item.p50),
      ms(item.p95),
      ms(item.p99),
      item.lastResult?.detail ?? item.target,
    ]);
    print(table(["check", "verdict", "every", "uptime 24 h", "p50", "p95", "p99", "last"], rows));
  });
}
