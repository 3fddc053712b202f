// What bin/stationmaster runs, on the pinned Node.
import { join } from "node:path";
import { importMain } from "./bootstrap/run.js";

const root = join(import.meta.dirname, "..");
await importMain(join(root, "src/cli/main.ts"), process.argv.slice(2), join(root, "node_modules/.cache/stationmaster"));
