import { joinPath } from "../../../formats/tree.ts";
import type { Commands } from "../../pipeline/commands.ts";
import { toolImage, toolVersion } from "../../pipeline/toolchain.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { action, type WorkflowStep } from "./workflow.ts";

/** Where a job gets its tools from: setup steps on the runner, or the image they lie in. */
export interface Tools {
  container: string | undefined;
  steps: WorkflowStep[];
}

const CACHES: Record<string, readonly string[]> = {
  node: ["npm", "pnpm", "yarn"],
  python: ["pip", "poetry", "pipenv"],
};
const VERSION_FILES: Record<string, readonly string[]> = {
  node: [".nvmrc", ".node-version"],
  python: [".python-version"],
};

/** The tools of a service: by the pinned setup action, whose cache spares downloads; else in the pinned image of its runtime. */
export function toolsOf(
  service: PlannedService,
  plan: Plan,
  { root, setUp }: Commands,
  { cache = true }: { cache?: boolean } = {},
): Tools {
  const runtime = service.runtime.name;
  const uses = runtime === "node" || runtime === "python" ? action(plan.pins, `actions/setup-${runtime}`) : undefined;
  // The action asks pnpm and yarn for their folders, so that they are there first.
  const first = setUp !== null && runtime === "node";
  const prepare = setUp === null ? [] : [{ name: "Install the package manager", run: setUp }];
  if (!uses) return { container: toolImage(service, plan), steps: prepare };
  const { packageManager: manager, lockfile } = service;
  const cached = cache && manager !== null && (CACHES[runtime] ?? []).includes(manager) && lockfile !== null;
  const file = (VERSION_FILES[runtime] ?? [])
    .flatMap((name) => [joinPath(service.path, name), joinPath(root, name)])
    .find((path) => path !== undefined && plan.tree.has(path));
  const step: WorkflowStep = {
    name: runtime === "node" ? "Set up Node.js" : "Set up Python",
    uses,
    with: {
      ...(file ? { [`${runtime}-version-file`]: file } : { [`${runtime}-version`]: toolVersion(service, plan) }),
      // A cache is made only where the lockfile says what belongs into it.
      ...(cached ? { cache: manager, "cache-dependency-path": lockfile } : {}),
    },
  };
  const poetryFirst = cached && (manager === "poetry" || manager === "pipenv");
  return { container: undefined, steps: first || poetryFirst ? [...prepare, step] : [step, ...prepare] };
}
