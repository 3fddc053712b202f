import type { GlobalOptions } from "./session.ts";

/** Options of `up`. */
export interface UpOptions extends GlobalOptions {
  port?: string;
  host: string;
  token?: string;
  env?: string;
  detach?: boolean;
}
