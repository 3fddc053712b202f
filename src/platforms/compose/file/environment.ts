import { parseEnv } from "node:util";
import { UserError } from "../../../core/errors.ts";
import { interpolate } from "./interpolate.ts";
import type { ContainerSpec } from "./spec.ts";

/** Where variables and files of the project come from. */
export interface EnvironmentSource {
  /** What `${NAME}` stands for. */
  variable(name: string): string | undefined;
  /** The text of a file whose path is as the Compose file has it; undefined where there is none. */
  readFile(path: string): Promise<string | undefined>;
}

/** The variables a Compose file gives a container: of its `env_file`s in their order, then of `environment`. */
export async function composeEnvironment(
  { environment, env_files }: Pick<ContainerSpec, "environment" | "env_files">,
  { variable, readFile }: EnvironmentSource,
): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const { path, required, raw } of env_files) {
    const text = await readFile(path);
    if (text === undefined && required)
      throw new UserError({
        code: "SM-COMPOSE-ENV-FILE",
        message: `there is no ${path}, which env_file names`,
        next: "create it, or write `required: false`",
      });
    Object.assign(
      result,
      fileVariables(text ?? "", raw, (name) => variable(name) ?? result[name]),
    );
  }
  for (const [name, text] of Object.entries(environment)) {
    const value = text === null ? variable(name) : interpolate(text, variable).text;
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** Variables in a file are replaced as in the Compose file, but for values in single quotes and for `format: raw`. */
function fileVariables(text: string, raw: boolean, variable: (name: string) => string | undefined) {
  const found: Record<string, string> = {};
  for (const [name, value = ""] of Object.entries(parseEnv(text))) {
    const literal =
      raw ||
      !value.includes("$") ||
      new RegExp(`^\\s*(?:export\\s+)?${name.replace(/\W/g, "\\$&")}\\s*=\\s*'`, "m").test(text);
    found[name] = literal ? value : interpolate(value, (key) => variable(key) ?? found[key]).text;
  }
  return found;
}
