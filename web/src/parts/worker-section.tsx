import type { SchedulerView } from "../../../src/contract/scheduler.ts";
import type { Workers } from "../../../src/contract/worker.ts";
import { useWorkers } from "../api/check-queries.ts";
import { latency, plural } from "../view/format.ts";
import { Answer } from "./answer.tsx";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { Fact, Facts } from "./facts.tsx";
import { Section } from "./section.tsx";
import { Time } from "./time.tsx";

type Worker = Workers["workers"][number];

const COLUMNS: readonly Column<Worker>[] = [
  { label: "State", cell: ({ live }) => <Badge tone={live ? "ok" : "bad"}>{live ? "running" : "gone"}</Badge> },
  { label: "Worker", cell: ({ id }) => <code>{id}</code> },
  { label: "Role", cell: ({ role, leads }) => `${role}${leads ? ", leads" : ""}` },
  { label: "Process", minor: true, cell: ({ host, pid }) => `${host} ${pid}` },
  { label: "Shards", numeric: true, cell: ({ shards }) => shards },
  { label: "Seen", cell: ({ seenAt }) => <Time at={seenAt} /> },
];

/** Who runs the checks, and how the scheduler of this daemon keeps up. */
export function WorkerSection() {
  const workers = useWorkers();
  return (
    <Section title="Who runs the checks">
      <Answer query={workers}>
        {({ workers: list, shards, unowned, scheduler }) => (
          <>
            <p>{sharing(list, shards, unowned)}</p>
            {scheduler && <Scheduler figures={scheduler} />}
            {list.length > 0 && <DataTable caption="Workers" columns={COLUMNS} rows={list} keyOf={({ id }) => id} />}
          </>
        )}
      </Answer>
    </Section>
  );
}

function sharing(list: readonly Worker[], shards: number, unowned: number): string {
  if (list.length === 0) return "One daemon runs every check.";
  const live = list.filter((worker) => worker.live).length;
  const rest = unowned === 0 ? "" : ` Nobody runs ${plural(unowned, "shard")} right now.`;
  return `${plural(live, "process", "processes")} share ${plural(shards, "shard")}.${rest}`;
}

function Scheduler({ figures }: { figures: SchedulerView }) {
  const { latenessP50, latenessP99, inflight, slots, skipped, slowed } = figures;
  return (
    <Facts>
      <Fact label="Late by, p50 and p99">
        <span className="num">{`${latency(latenessP50)}, ${latency(latenessP99)}`}</span>
      </Fact>
      <Fact label="Under way">
        <span className="num">{`${inflight.fast + inflight.slow} of ${slots} slots, ${inflight.slow} slow`}</span>
      </Fact>
      <Fact label="Runs left out">
        <span className="num">{skipped.toLocaleString("en-US")}</span>
      </Fact>
      <Fact label="Checks slowed down">
        <span className="num">{slowed.toLocaleString("en-US")}</span>
      </Fact>
    </Facts>
  );
}
