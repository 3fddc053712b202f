import { stringAt } from "../formats/document.ts";
import { joinPath } from "../formats/tree.ts";
import type { View } from "./collector.ts";
import type { Evidence } from "./fact.ts";

const MANAGERS: readonly { lock: string; install: string; run: string }[] = [
  { lock: "pnpm-lock.yaml", install: "pnpm install --frozen-lockfile", run: "pnpm run" },
  { lock: "yarn.lock", install: "yarn install --frozen-lockfile", run: "yarn run" },
  { lock: "bun.lock", install: "bun install --frozen-lockfile", run: "bun run" },
  { lock: "bun.lockb", install: "bun install --frozen-lockfile", run: "bun run" },
  { lock: "package-lock.json", install: "npm ci", run: "npm run" },
];
const WITHOUT_LOCK = { install: "npm install", run: "npm run" };

/**
 * How the pages' assets of a backend are built, where a package.json beside its manifest has one of these scripts: dependencies first,
 * since only this step needs them.
 */
export function assetBuild(view: View, scripts: readonly string[]): { command: string; at: Evidence } | undefined {
  const file = view.path("package.json");
  if (file === undefined || !view.snapshot.has(file)) return undefined;
  const document = view.snapshot.json(file);
  const script = scripts.find((name) => stringAt(document.value, ["scripts", name]) !== undefined);
  if (script === undefined) return undefined;
  const here = MANAGERS.find(({ lock }) => view.snapshot.has(joinPath(view.unit.path, lock) as string));
  const { install, run } = here ?? WITHOUT_LOCK;
  return {
    command: `${install} && ${run} ${script}`,
    at: view.seenAt(file, document, ["scripts", script], "assets"),
  };
}
