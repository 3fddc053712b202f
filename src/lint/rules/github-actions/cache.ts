import { listAt } from "../../../formats/document.ts";
import type { Rule } from "../../rule.ts";
import { complain } from "../places.ts";
import { ancestorsOf, conditionOf, isRelease, publishes } from "./jobs.ts";
import { inputOf, type Job, type Step, stepUses, type Workflow, workflowOf } from "./workflow.ts";

/** SM27 */
export const cache: Rule = {
  id: "SM27",
  title: "releases restore no cache",
  help: "What a release is made of does not come from a cache that other runs could fill.",
  severity: "warning",
  origins: ["cache-poisoning"],
  kinds: ["github-actions"],
  check(file) {
    const workflow = workflowOf(file);
    if (!workflow) return [];
    return makersOf(workflow).flatMap(({ steps }) =>
      steps.flatMap((step) => {
        const off = restores(step);
        const message = `this job makes a release, and other runs may have filled the cache: ${off}`;
        return off === undefined ? [] : [complain(workflow.document, step.path, message)];
      }),
    );
  },
};

/** Jobs that publish, and those whose artifacts they publish. */
function makersOf(workflow: Workflow): Job[] {
  const publishers = workflow.jobs.filter(({ steps }) =>
    steps.some((step) => publishes(step) || (isRelease(workflow) && pushesImage(step))),
  );
  const sources = publishers
    .filter(({ steps }) => steps.some((step) => stepUses(step, "actions/download-artifact")))
    .flatMap((job) => ancestorsOf(workflow, job))
    .filter(({ steps }) => steps.some((step) => stepUses(step, "actions/upload-artifact")));
  return [...new Set([...publishers, ...sources])];
}

function pushesImage(step: Step): boolean {
  return stepUses(step, "docker/build-push-action") && inputOf(step, "push") === true;
}

/** By action: the input that turns its cache on, or `false` turns it off where it is on by default. */
const CACHES: Record<string, { input: string; byDefault: boolean; off: string }> = {
  "actions/setup-node": { input: "cache", byDefault: false, off: "leave `cache` out" },
  "actions/setup-python": { input: "cache", byDefault: false, off: "leave `cache` out" },
  "actions/setup-java": { input: "cache", byDefault: false, off: "leave `cache` out" },
  "actions/setup-dotnet": { input: "cache", byDefault: false, off: "leave `cache` out" },
  "actions/setup-go": { input: "cache", byDefault: true, off: "set `cache: false`" },
  "ruby/setup-ruby": { input: "bundler-cache", byDefault: false, off: "leave `bundler-cache` out" },
  "astral-sh/setup-uv": { input: "enable-cache", byDefault: true, off: "set `enable-cache: false`" },
  "pnpm/action-setup": { input: "cache", byDefault: false, off: "leave `cache` out" },
  "actions-rust-lang/setup-rust-toolchain": { input: "cache", byDefault: true, off: "set `cache: false`" },
};

/** How to switch off the cache that a step restores; undefined where it restores none or a condition decides. */
function restores(step: Step): string | undefined {
  if (conditionOf(step.value) !== undefined || step.uses?.kind !== "repository") return undefined;
  const { name, path } = step.uses;
  if (name === "actions/cache")
    return path === "save" || String(inputOf(step, "lookup-only")) === "true" ? undefined : "drop this step";
  if (name === "swatinem/rust-cache") return inputOf(step, "lookup-only") === undefined ? "drop this step" : undefined;
  if (name === "gradle/actions" && path === "setup-gradle")
    return inputOf(step, "cache-disabled") === undefined ? "set `cache-disabled: true`" : undefined;
  if (name === "docker/build-push-action") {
    const from = inputOf(step, "cache-from");
    const texts = [from, ...listAt(from)].filter((text) => typeof text === "string");
    return texts.some((text) => /type=gha/.test(text)) ? "leave `cache-from` out" : undefined;
  }
  const known = CACHES[name];
  if (!known) return undefined;
  const given = inputOf(step, known.input);
  if (given === undefined) return known.byDefault ? known.off : undefined;
  const text = String(given);
  return text === "false" || text === "" || text.includes("${{") ? undefined : known.off;
}
