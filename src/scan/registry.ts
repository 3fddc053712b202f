import type { Collector } from "./collector.ts";
import { denoCollector } from "./collectors/deno/index.ts";
import { dotnetCollector } from "./collectors/dotnet/index.ts";
import { elixirCollector } from "./collectors/elixir/index.ts";
import { environmentCollector } from "./collectors/environment/index.ts";
import { goCollector } from "./collectors/go/index.ts";
import { healthCollector } from "./collectors/health/index.ts";
import { javascriptCollector } from "./collectors/javascript/index.ts";
import { jobsCollector } from "./collectors/jobs/index.ts";
import { jvmCollector } from "./collectors/jvm/index.ts";
import { languagesCollector } from "./collectors/languages/index.ts";
import { lifecycleCollector } from "./collectors/lifecycle/index.ts";
import { migrationsCollector } from "./collectors/migrations/index.ts";
import { nativeCollector } from "./collectors/native/index.ts";
import { observabilityCollector } from "./collectors/observability/index.ts";
import { phpCollector } from "./collectors/php/index.ts";
import { platformCollectors } from "./collectors/platforms/index.ts";
import { pythonCollector } from "./collectors/python/index.ts";
import { realtimeCollector } from "./collectors/realtime/index.ts";
import { rubyCollector } from "./collectors/ruby/index.ts";
import { rustCollector } from "./collectors/rust/index.ts";
import { simpleCollector } from "./collectors/simple/index.ts";
import { stateCollector } from "./collectors/state/index.ts";
import { staticCollector } from "./collectors/static/index.ts";
import { storesCollector } from "./collectors/stores/index.ts";

/** All collectors, by what they read. Each runs on each unit; their order means nothing. */
export const COLLECTORS: readonly Collector[] = [
  nativeCollector,
  stateCollector,
  jobsCollector,
  migrationsCollector,
  storesCollector,
  healthCollector,
  lifecycleCollector,
  observabilityCollector,
  realtimeCollector,
  environmentCollector,
  goCollector,
  pythonCollector,
  rubyCollector,
  phpCollector,
  elixirCollector,
  rustCollector,
  denoCollector,
  javascriptCollector,
  jvmCollector,
  dotnetCollector,
  staticCollector,
  ...platformCollectors,
  simpleCollector,
  languagesCollector,
];
