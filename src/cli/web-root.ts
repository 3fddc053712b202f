import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the built dashboard lies. */
export const webRoot = fileURLToPath(new URL("../../web/dist", import.meta.url));

/** What is to be done where there is none yet, in one line; undefined where there is. */
export function dashboardMissing(built = webRoot): string | undefined {
  if (existsSync(join(built, "index.html"))) return undefined;
  return `the dashboard is not built: npm run build in ${fileURLToPath(new URL("../..", import.meta.url))}, then reload its page`;
}
