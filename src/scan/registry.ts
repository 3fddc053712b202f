import type { Collector } from "./collector.ts";
import { pythonCollector } from "./collectors/python/index.ts";
import { goCollector } from "./collectors/go/index.ts";

/** All collectors, by what they read. Each runs on each unit; their order means nothing. */
export const COLLECTORS: readonly Collector[] = [goCollector, pythonCollector];
