import { Worker } from "node:worker_threads";
import type { RepositoryView } from "../contract/repository.ts";
import type { Clock } from "../core/clock.ts";
import { Bug, ExternalError, UserError } from "../core/errors.ts";
import type { Engine } from "./engine.ts";
import type { LookOptions } from "./repository-look.ts";
import type { UseCases } from "./usecases.ts";

/** Files change while people look; a page that is opened again within it costs nothing. */
const KEPT_MS = 60_000;
const DEADLINE_MS = 90_000;
/** MiB: a repository that needs more must not take it from what is watched. */
const MOST_MEMORY = 768;

interface Options {
  clock: Pick<Clock, "monotonic">;
  /** Aborts when this process stops. */
  stopping: AbortSignal;
}

/** What lies in the folder of the manifest, seen at most once a minute and by one thread at a time. */
export function repositoryUseCases(
  engine: Pick<Engine, "project">,
  { clock, stopping }: Options,
): Pick<UseCases, "repository"> {
  let kept: { until: number; view: Promise<RepositoryView> } | undefined;
  let looking = false;

  function look(): Promise<RepositoryView> {
    const { root, file } = engine.project.manifest;
    looking = true;
    const view = inThread({ root, config: file }, stopping).finally(() => {
      looking = false;
    });
    const own = { until: clock.monotonic() + KEPT_MS, view };
    kept = own;
    view.catch(() => {
      if (kept === own) kept = undefined;
    });
    return view;
  }

  return {
    repository: ({ fresh }) => {
      const isKept = kept !== undefined && (looking || (!fresh && clock.monotonic() < kept.until));
      return kept && isKept ? kept.view : look();
    },
  };
}

type Told =
  | { view: RepositoryView }
  | { failure: { code: string; message: string; next: string | undefined; isKnown: boolean } };

async function inThread(options: LookOptions, stopping: AbortSignal): Promise<RepositoryView> {
  const worker = new Worker(new URL("./repository-worker.ts", import.meta.url), {
    workerData: options,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
    name: "repository",
  });
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    const told = await new Promise<Told>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("its thread ended without an answer")));
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    if ("view" in told) return told.view;
    throw told.failure.isKnown ? new UserError(told.failure) : new Bug(told.failure);
  } catch (cause) {
    if (cause instanceof UserError || cause instanceof Bug) throw cause;
    throw new ExternalError({
      code: "SM-REPOSITORY-LOOK",
      message: signal.aborted
        ? "looking at the repository took too long or was stopped"
        : `the repository cannot be looked at: ${cause instanceof Error ? cause.message : "unknown reason"}`,
      next: "run `stationmaster scan` in its folder",
      cause,
    });
  } finally {
    await worker.terminate();
  }
}
