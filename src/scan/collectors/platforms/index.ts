import type { Collector } from "../../collector.ts";
import { platformCollector } from "./platform.ts";
import { PLATFORMS } from "./registry.ts";

/** What the configurations of platforms say of the units. */
export const platformCollectors: readonly Collector[] = PLATFORMS.map(platformCollector);
