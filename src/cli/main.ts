import { oneLine, toKnownError } from "../core/errors.ts";
import { buildProgram } from "./program.ts";

const verbose = process.argv.includes("--verbose");

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  const known = toKnownError(error);
  process.stderr.write(`${oneLine(known)}\n`);
  if (verbose) process.stderr.write(`${(known.cause instanceof Error ? known.cause : known).stack ?? ""}\n`);
  process.exitCode = known.exitCode;
  // An error leaves sockets and timers behind that nobody waits for.
  setTimeout(() => process.exit(known.exitCode), 100).unref();
}
