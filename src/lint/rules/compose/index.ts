import type { Rule } from "../../rule.ts";
import { hardening } from "./hardening.ts";
import { health } from "./health.ts";
import { state } from "./state.ts";
import { versions } from "./versions.ts";

/** SM14 to SM17. */
export const COMPOSE_RULES: readonly Rule[] = [versions, health, state, hardening];
