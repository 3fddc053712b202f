import { parentPort, workerData } from "node:worker_threads";
import { isKnownError, toKnownError } from "../core/errors.ts";
import { type LookOptions, lookAtRepository } from "./repository-look.ts";

/** Runs in a thread of its own: a scan reads thousands of files at once, and the checks of the daemon must not wait for it. */
try {
  parentPort?.postMessage({ view: await lookAtRepository(workerData as LookOptions) });
} catch (error) {
  const { code, message, next } = toKnownError(error);
  parentPort?.postMessage({ failure: { code, message, next, isKnown: isKnownError(error) } });
}
