import { CLIENTS } from "./javascript-clients.ts";
import type { FrameworkRow } from "./javascript-framework-row.ts";
import { RENDERERS } from "./javascript-renderers.ts";
import { SERVERS } from "./javascript-servers.ts";
import { STATIC_SITES } from "./javascript-sites.ts";

/** The most specific first: a framework goes before what it is built on. */
export const FRAMEWORKS: readonly FrameworkRow[] = [...STATIC_SITES, ...RENDERERS, ...SERVERS, ...CLIENTS];
