import { isRecord, listAt, type Path, recordAt, stringAt, valueAt } from "../../../../formats/document.ts";

/** What a pipeline runs, or a version it asks for. */
export interface Step {
  path: Path;
  /** Folder it works in, from the root of the repository. */
  folder: string;
  run?: string;
  runtime?: { name: string; version: string };
  image?: string;
}

/** Actions that install a runtime, and the key of its version. */
const SETUPS: readonly [action: RegExp, name: string, key: string][] = [
  [/^actions\/setup-node@/, "node", "node-version"],
  [/^actions\/setup-python@/, "python", "python-version"],
  [/^actions\/setup-go@/, "go", "go-version"],
  [/^actions\/setup-java@/, "java", "java-version"],
  [/^actions\/setup-dotnet@/, "dotnet", "dotnet-version"],
  [/^ruby\/setup-ruby@/, "ruby", "ruby-version"],
  [/^shivammathur\/setup-php@/, "php", "php-version"],
  [/^(?:erlef|actions)\/setup-(?:beam|elixir)@/, "elixir", "elixir-version"],
  [/^oven-sh\/setup-bun@/, "bun", "bun-version"],
  [/^denoland\/setup-deno@/, "deno", "deno-version"],
];

/** Steps of a workflow of GitHub. */
export function githubSteps(value: unknown): Step[] {
  const shared = stringAt(value, ["defaults", "run", "working-directory"]);
  return Object.keys(recordAt(value, ["jobs"])).flatMap((job) => {
    const folder = stringAt(value, ["jobs", job, "defaults", "run", "working-directory"]) ?? shared ?? ".";
    const matrix = recordAt(value, ["jobs", job, "strategy", "matrix"]);
    return listAt(value, ["jobs", job, "steps"]).flatMap((step, index): Step[] => {
      const path = ["jobs", job, "steps", index];
      const run = stringAt(step, ["run"]);
      if (run !== undefined)
        return [{ path: [...path, "run"], folder: stringAt(step, ["working-directory"]) ?? folder, run }];
      const uses = stringAt(step, ["uses"]) ?? "";
      const [, name, key = ""] = SETUPS.find(([action]) => action.test(uses)) ?? [];
      const version = name === undefined ? undefined : versionFrom(valueAt(step, ["with", key]), matrix);
      return name === undefined || version === undefined
        ? []
        : [{ path: [...path, "with", key], folder, runtime: { name, version } }];
    });
  });
}

/** A literal, or the newest of a matrix. */
function versionFrom(value: unknown, matrix: Record<string, unknown>): string | undefined {
  const text = stringAt([value], [0]);
  const name = /^\$\{\{\s*matrix\.([\w-]+)\s*\}\}$/.exec(text ?? "")?.[1];
  const all = name === undefined ? [text] : listAt(matrix, [name]).map((one) => stringAt([one], [0]));
  const versions = all.flatMap((one) => /^v?(\d+(?:\.\d+)*)(?:\.x)?$/.exec(one ?? "")?.[1] ?? []);
  return versions.toSorted(newer)[0];
}

function newer(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(".").map(Number));
  for (let at = 0; at < 4; at += 1) {
    const difference = (right?.[at] ?? 0) - (left?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const SCRIPTS = ["before_script", "script", "install", "steps"];

/** Steps of pipelines that list commands under `script`, `run`, `steps`: GitLab, CircleCI, Bitbucket, Travis, Azure. */
export function listedSteps(value: unknown): Step[] {
  const found: Step[] = [];
  const visit = (at: unknown, path: Path, depth: number) => {
    if (depth > MOST_DEPTH || found.length > MOST_STEPS) return;
    if (Array.isArray(at)) for (const [index, item] of at.entries()) visit(item, [...path, index], depth + 1);
    if (!isRecord(at)) return;
    for (const [key, inner] of Object.entries(at)) {
      const here = [...path, key];
      const command = stringAt(inner) ?? stringAt(inner, ["command"]);
      if (key === "image" || key === "docker") {
        const image = stringAt(inner) ?? stringAt(inner, ["name"]) ?? stringAt(inner, [0, "image"]);
        if (image !== undefined) found.push({ path: here, folder: ".", image });
      } else if ((key === "run" || key === "script" || key === "bash") && command !== undefined)
        found.push({ path: here, folder: stringAt(inner, ["working_directory"]) ?? ".", run: command });
      else if (SCRIPTS.includes(key) && Array.isArray(inner)) {
        for (const [index, line] of inner.entries())
          if (typeof line === "string") found.push({ path: [...here, index], folder: ".", run: line });
          else visit(line, [...here, index], depth + 1);
      } else visit(inner, here, depth + 1);
    }
  };
  visit(value, [], 0);
  return found;
}

const MOST_DEPTH = 12;
const MOST_STEPS = 400;
