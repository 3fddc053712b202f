import colors from "picocolors";
import { FEW_HOSTS } from "../../contract/host-standing.ts";
import type { InfrastructurePart, Service } from "../../contract/service.ts";
import type { Status } from "../../contract/status.ts";
import { holdLines } from "../hold-lines.ts";
import { incidentTable } from "../incident-table.ts";
import { ago, print, printJson, state, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";
import { silenceLines } from "../silence-lines.ts";

const ROLLOUTS = 5;

export async function run(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const status = await usecases.status();
    if (options.json) printJson(status);
    else for (const block of render(status)) print(block);
  });
}

function render(status: Status): string[] {
  const { project, environment, services, infrastructure = [], incidents, rollouts, daemon } = status;
  const head = `${colors.bold(project)} · ${environment} · ${daemon.running ? `daemon ${daemon.url ?? `pid ${daemon.pid}`}` : "no daemon: nothing is watched"}`;
  const rows = services.map((item) => [
    item.name,
    state(item.state),
    item.release ?? "–",
    replicasIn(item) || "–",
    item.url ? `${item.url}${item.internal ? " (internal)" : ""}` : "–",
    item.detail ?? "",
  ]);
  const notes = [...holdLines(status), ...silenceLines(status.silences ?? [])];
  const blocks = [head, ...notes, table(["service", "state", "release", "replicas", "url", ""], rows)];
  if (infrastructure.length > 0)
    blocks.push("", table(["besides", "host", "state", ""], infrastructure.flatMap(partRows)));
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
            [item.reason ?? [], item.behind ? `still behind: ${item.behind.join(", ")}` : []].flat().join("; "),
          ]),
      ),
    );
  return blocks;
}

/** `h1 2 of 2 healthy, h2 0 of 2 down`; of many hosts only those that are not well. On one machine its processes. */
function replicasIn({ hosts, replicas, kind }: Service): string {
  if (!hosts)
    return replicas
      .map(({ pid, state: word, weight }) => `${pid ?? "–"} ${word}${kind === "http" ? ` ${weight} %` : ""}`)
      .join(", ");
  const few = hosts.length <= FEW_HOSTS;
  const shown = few ? hosts : hosts.filter((item) => item.state !== "healthy");
  const rest = hosts.length - shown.length;
  return [
    ...shown.map(({ host, alive, expected, state: word }) => `${host} ${alive} of ${expected} ${state(word)}`),
    ...(rest > 0 ? [`${rest} hosts healthy`] : []),
  ].join(", ");
}

function partRows({ name, hosts }: InfrastructurePart): string[][] {
  return hosts.map(({ host, state: word, detail }) => [name, host, state(word), detail ?? ""]);
}
