import colors from "picocolors";
import type { Status } from "../../contract/status.ts";
import { holdLines } from "../hold-lines.ts";
import { incidentTable } from "../incident-table.ts";
import { ago, print, printJson, state, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

const ROLLOUTS = 5;

export async function run(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const status = await usecases.status();
    if (options.json) printJson(status);
    else for (const block of render(status)) print(block);
  });
}

function render(status: Status): string[] {
  const { project, environment, services, incidents, rollouts, daemon } = status;
  const head = `${colors.bold(project)} · ${environment} · ${daemon.running ? `daemon ${daemon.url ?? `pid ${daemon.pid}`}` : "no daemon: nothing is watched"}`;
  const rows = services.map((item) => [
    item.name,
    state(item.state),
    item.release ?? "–",
    item.replicas
      .map(({ pid, state: word, weight }) => `${pid ?? "–"} ${word}${item.kind === "http" ? ` ${weight} %` : ""}`)
      .join(", ") || "–",
    item.url ?? "–",
    item.detail ?? "",
  ]);
  const blocks = [head, ...holdLines(status), table(["service", "state", "release", "replicas", "url", ""], rows)];
  if (incidents.length > 0) blocks.push("", incidentTable(incidents));
  if (rollouts.length > 0)
    blocks.push(
      "",
      table(
        ["rollout", "state", "strategy", "release", "started", "reason"],
        rollouts
          .slice(0, ROLLOUTS)
          .map((item) => [
            item.id,
            state(item.state),
            item.strategy,
            item.release,
            ago(item.startedAt),
            item.reason ?? "",
          ]),
      ),
    );
  return blocks;
}
