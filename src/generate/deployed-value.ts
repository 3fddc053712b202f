import { carried } from "./carried-value.ts";
import type { PlannedVariable } from "./plan.ts";

const LOOPBACK = /(?:^|[/@=,\s])(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/,\s]|$)/i;

/** What switches development on, by name and value, and what it is where users are. */
const DEVELOPMENT: [name: RegExp, words: Record<string, string>][] = [
  [/(?:^|_)DEBUG$/, { true: "false", True: "False", "1": "0", yes: "no", on: "off" }],
  [/(?:^|_)ENV(?:IRONMENT)?$/, { development: "production", Development: "Production" }],
  [/^APP_ENV$/, { local: "production", dev: "prod" }],
  [/(?:^|_)LOG_?LEVEL$/, { debug: "info", DEBUG: "INFO", Debug: "Information", trace: "info", TRACE: "INFO" }],
];

/**
 * What a variable is where nobody says otherwise: what the manifest says, or a value of the repository that is right on any machine. Null
 * for what only whoever runs it can know: addresses, accounts, names of resources.
 */
export function deployedValue({
  name,
  default: value,
  decided = false,
}: Pick<PlannedVariable, "name" | "default" | "decided">): string | null {
  if (value === null || isOfDeveloper(value)) return null;
  if (decided) return value;
  const words = DEVELOPMENT.find(([pattern, all]) => pattern.test(name) && Object.hasOwn(all, value))?.[1];
  return words?.[value] ?? (carried(name, value) ? value : null);
}

/** Whether a value names the machine that a developer sits at. */
export function isOfDeveloper(value: string): boolean {
  return LOOPBACK.test(value);
}

/** Optional settings whose fallback in the code is an address of the machine of a developer: it is reached nowhere else. */
export function fallingBack(variables: readonly PlannedVariable[]): string[] {
  return variables
    .filter(({ required, class: kind, phase, default: value }) => {
      const open = !required && kind === "config" && phase === "run";
      return open && value !== null && isOfDeveloper(value);
    })
    .map(({ name }) => name);
}
