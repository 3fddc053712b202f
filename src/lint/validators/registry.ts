import { composeSchema } from "./compose.ts";
import { dockerfileSyntax } from "./dockerfile-syntax.ts";
import { dockerfileWorks } from "./dockerfile-works.ts";
import type { Validator } from "./validator.ts";

/** Judges that run in this process, offline. */
export const VALIDATORS: readonly Validator[] = [dockerfileSyntax, dockerfileWorks, composeSchema];
