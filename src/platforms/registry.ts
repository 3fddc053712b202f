import { createLocal } from "./local/index.ts";

/** The platforms by the id the manifest uses. */
export const PLATFORMS = { local: createLocal } as const;
