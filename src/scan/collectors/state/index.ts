import type { Collector } from "../../collector.ts";
import { SQLITE_FILES, WRITES } from "../../tables/state.ts";
import { frameworkState, isSqlite } from "./frameworks.ts";
import { sessionState } from "./sessions.ts";
import { writtenPaths } from "./written.ts";

/** What an application keeps on its own disk or in its memory beyond a request. */
export const stateCollector: Collector = {
  id: "state",
  reads: ["code", "settings of frameworks"],
  collect(view) {
    const kept = [
      ...writtenPaths(view, WRITES),
      ...(isSqlite(view) ? writtenPaths(view, SQLITE_FILES) : []),
      ...frameworkState(view),
      ...sessionState(view),
    ];
    // One folder may be written for several purposes; the surest says what it is for.
    for (const [path, same] of Map.groupBy(kept, (one) => one.path)) {
      const [best] = same.toSorted((a, b) => b.confidence - a.confidence);
      if (!best) continue;
      const at = same.slice(0, 8).map((one) => one.at);
      view.claimEach("state", path, { path, what: best.what }, { source: "code", confidence: best.confidence, at });
    }
  },
};
