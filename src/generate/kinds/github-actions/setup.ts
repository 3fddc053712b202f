import { joinPath } from "../../../formats/tree.ts";
import type { Commands } from "../../pipeline/commands.ts";
import { imageSetUp, toolImage, toolVersion } from "../../pipeline/toolchain.ts";
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
const TITLES: Record<string, string> = { node: "Set up Node.js", python: "Set up Python", go: "Set up Go" };
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
  const title = TITLES[runtime];
  const uses = title === undefined ? undefined : action(plan.pins, `actions/setup-${runtime}`);
  // The action asks pnpm and yarn for their folders, so that they are there first.
  const first = setUp !== null && runtime === "node";
  const prepare = setUp === null ? [] : [{ name: "Install the package manager", run: setUp }];
  if (!uses) {
    const more = imageSetUp(service, plan);
    const tools = more === null ? [] : [{ name: "Install what packages are built with", run: more }];
    return { container: toolImage(service, plan), steps: [...tools, ...prepare] };
  }
  if (runtime === "go") return { container: undefined, steps: [goStep(service, plan, uses, cache), ...prepare] };
  const { packageManager: manager, lockfile } = service;
  const cached = cache && manager !== null && (CACHES[runtime] ?? []).includes(manager) && lockfile !== null;
  const file = (VERSION_FILES[runtime] ?? [])
    .flatMap((name) => [joinPath(service.path, name), joinPath(root, name)])
    .find((path) => path !== undefined && plan.tree.has(path));
  const step: WorkflowStep = {
    name: title ?? runtime,
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

/** The version that the module asks for; its downloads are kept where a file says what belongs to them. */
function goStep(service: PlannedService, plan: Plan, uses: string, cache: boolean): WorkflowStep {
  const beside = (name: string) => joinPath(service.path, name) ?? name;
  const module = beside("go.mod");
  const sums = beside("go.sum");
  return {
    name: "Set up Go",
    uses,
    with: {
      ...(plan.tree.has(module) ? { "go-version-file": module } : { "go-version": toolVersion(service, plan) }),
      ...(cache && plan.tree.has(sums) ? { "cache-dependency-path": sums } : { cache: false }),
    },
  };
}
