import { fileURLToPath } from "node:url";

/** Where the built dashboard lies. */
export const webRoot = fileURLToPath(new URL("../../web/dist", import.meta.url));
