import type { Collector } from "../../collector.ts";
import { codeSchedules, crontabs } from "./schedules.ts";
import { claimWorkers } from "./workers.ts";

/** Jobs by the clock, and workers of queues that run beside the application. */
export const jobsCollector: Collector = {
  id: "jobs",
  reads: ["code", "crontab"],
  collect(view) {
    const taken = new Map<string, string>();
    const add = (source: "code" | "platform") => (found: ReturnType<typeof crontabs>[number]) => {
      const { name, schedule, command, at } = found;
      const key = freeKey(taken, name, `${at.file}:${at.line}`);
      view.claimEach("cron", key, { name: key, schedule, command }, { source, confidence: 0.85, at });
    };
    codeSchedules(view).forEach(add("code"));
    crontabs(view).forEach(add("platform"));
    claimWorkers(view);
  },
};

/** Jobs of one name are several jobs. */
function freeKey(taken: Map<string, string>, name: string, place: string): string {
  for (let count = 1; ; count += 1) {
    const key = count === 1 ? name : `${name}-${count}`;
    const owner = taken.get(key);
    if (owner !== undefined && owner !== place) continue;
    taken.set(key, place);
    return key;
  }
}
