import { diskFiles } from "../src/scan/disk-files.ts";
import { scan } from "../src/scan/scan.ts";

// A process of its own, for the memory that one scan takes.
const report = scan(diskFiles(process.argv[2] ?? "."));
const { maxRSS } = process.resourceUsage();
process.stdout.write(
  JSON.stringify({
    services: report.services.length,
    warnings: report.warnings.length,
    maxRssMiB: Math.round(maxRSS / 1_024),
  }),
);
