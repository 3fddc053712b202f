import { parseArgs } from "node:util";
import { ExternalError, isKnownError, oneLine, systemCode, UserError } from "../../../core/errors.ts";
import { createControlServer } from "./control.ts";
import { type Router, startRouter } from "./router.ts";
import { checkSocketPath, listenOnSocket } from "./socket.ts";

const GRACE_MS = 10_000;
const MOST_FAULTS = 20;
const FAULT_WINDOW_MS = 60_000;

process.umask(0o077);
// A log on a full disk or a closed pipe is no reason to drop users.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);
for (const signal of ["SIGINT", "SIGHUP", "SIGPIPE"] as const) process.on(signal, () => undefined);
keepGoing();
main().catch((error: unknown) => {
  process.stderr.write(`${oneLine(error)}\n`);
  process.exit(isKnownError(error) ? error.exitCode : 1);
});

async function main(): Promise<void> {
  const { state, socket } = readArguments();
  checkSocketPath(socket);
  let router: Router | undefined;
  const stop = () => void shutDown();
  const control = createControlServer(() => router ?? notReady(), stop);
  // The socket first: it is what keeps a second router away from the state file and the ports.
  await listenOnSocket(control, socket);
  router = await startRouter({ stateFile: state, log });
  log(`router ${process.pid} answers on ${socket}`);

  let stopping = false;
  async function shutDown(): Promise<void> {
    if (stopping) return;
    stopping = true;
    log("stopping: no more connections, running answers may finish");
    control.close();
    await router?.stop(GRACE_MS);
    log("stopped");
    process.exit(0);
  }
  process.on("SIGTERM", stop);
}

function notReady(): never {
  throw new ExternalError({
    code: "SM-ROUTER-STARTING",
    message: "the router is starting",
    next: "try again in a moment",
    status: 503,
    retryable: true,
  });
}

function readArguments(): { state: string; socket: string } {
  const { values } = parseArgs({ options: { state: { type: "string" }, socket: { type: "string" } }, strict: true });
  if (values.state && values.socket) return { state: values.state, socket: values.socket };
  throw new UserError({
    code: "SM-ROUTER-USAGE",
    message: "--state FILE and --socket PATH are needed",
    next: "start it as: node main.ts --state FILE --socket PATH",
  });
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

/**
 * An exchange whose handler failed is lost, the others are not: their state is their own. So a fault is logged and the router
 * goes on, unless faults come in numbers: then a fresh process with the state on disk is the safer place.
 */
function keepGoing(): void {
  let faults: number[] = [];
  const onFault = (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log(`uncaught ${text.replace(/\s*\n\s*/g, " | ")}`);
    if (["ECONNRESET", "EPIPE", "ECONNABORTED", "ETIMEDOUT"].includes(systemCode(error) ?? "")) return;
    const now = Date.now();
    faults = [...faults.filter((at) => at > now - FAULT_WINDOW_MS), now];
    if (faults.length > MOST_FAULTS) process.exit(1);
  };
  process.on("uncaughtException", onFault);
  process.on("unhandledRejection", onFault);
}
