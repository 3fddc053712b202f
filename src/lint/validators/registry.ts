import type { Validator } from "./validator.ts";

/** Judges that run in this process, offline. */
export const VALIDATORS: readonly Validator[] = [];
