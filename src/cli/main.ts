import { toKnownError } from "../core/errors.ts";
import { errorText } from "./failure.ts";
import { buildProgram } from "./program.ts";
import { goOnWithoutReader } from "./stream.ts";

goOnWithoutReader([process.stdout, process.stderr]);

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  const known = toKnownError(error);
  const given = (flag: string) => process.argv.includes(flag);
  process.stderr.write(`${errorText(known, { json: given("--json"), verbose: given("--verbose") })}\n`);
  process.exitCode = known.exitCode;
  // An error leaves sockets and timers behind that nobody waits for.
  setTimeout(() => process.exit(known.exitCode), 100).unref();
}
