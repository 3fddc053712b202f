import type { CheckQuery } from "../../contract/check-list.ts";
import { isTimedType } from "../../contract/timed.ts";
import { formatDuration } from "../../core/duration.ts";
import { showCheck, showMs, showShare } from "../check-lines.ts";
import { print, printJson, state, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";
import { showWorkers } from "../worker-table.ts";

interface Options extends GlobalOptions, Pick<CheckQuery, "verdict" | "service" | "type" | "failing" | "sort"> {
  workers?: boolean;
  results?: boolean;
  run?: boolean;
  newToken?: boolean;
}

export async function run(options: Options, name?: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    if (options.workers) return await showWorkers(usecases, options);
    if (name !== undefined) return await showCheck(usecases, name, options);
    const { verdict, service, type, failing, sort } = options;
    const found = await usecases.findChecks({ verdict, service, type, failing, sort });
    if (options.json) return printJson(found);
    const rows = found.checks.map((item) => [
      item.id,
      state(item.verdict),
      formatDuration(item.everyMs),
      showShare(item.uptime24h),
      ...[item.p50, item.p95, item.p99].map((ms) => showMs(isTimedType(item.type) ? ms : null)),
      item.lastResult?.detail ?? item.target,
    ]);
    print(table(["check", "verdict", "every", "uptime 24 h", "p50", "p95", "p99", "last"], rows));
  });
}
