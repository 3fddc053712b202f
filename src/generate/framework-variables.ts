import { joinPath, type Tree } from "../formats/tree.ts";
import type { PlannedVariable } from "./plan.ts";

interface Site {
  framework: string | null;
  /** Folder of the service. */
  path: string;
  tree: Tree;
}

/** Keys that a framework reads itself and does not start without: no line of the application names them. */
const NEEDED: Record<string, (has: (file: string) => boolean) => string> = {
  rails: (has) =>
    has("config/credentials.yml.enc") || has("config/credentials/production.yml.enc")
      ? "RAILS_MASTER_KEY"
      : "SECRET_KEY_BASE",
  laravel: () => "APP_KEY",
};

/** Variables that the framework of a service reads, beside those its code names. */
export function frameworkVariables({ framework, path, tree }: Site): PlannedVariable[] {
  const name = NEEDED[framework ?? ""]?.((file) => tree.has(joinPath(path, file) ?? file));
  if (name === undefined) return [];
  return [{ name, class: "secret", phase: "run", required: true, default: null, store: null }];
}
