import type { PlannedVariable } from "./plan.ts";

const LOOPBACK = /(?:^|[/@=,\s])(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/,\s]|$)/i;

/** What switches development on, by name and value, and what it is where users are. */
const DEVELOPMENT: [name: RegExp, words: Record<string, string>][] = [
  [/(?:^|_)DEBUG$/, { true: "false", True: "False", "1": "0", yes: "no", on: "off" }],
  [/(?:^|_)ENV(?:IRONMENT)?$/, { development: "production", Development: "Production" }],
  [/^APP_ENV$/, { local: "production", dev: "prod" }],
];

/** The default of a variable, without what only developers want. */
export function productionDefault({ name, default: value }: Pick<PlannedVariable, "name" | "default">): string | null {
  if (value === null) return null;
  const word = DEVELOPMENT.find(([pattern, words]) => pattern.test(name) && Object.hasOwn(words, value))?.[1][value];
  return word ?? value;
}

/** What a variable is where nobody says otherwise; null for an address of the machine of a developer, which is wrong anywhere else. */
export function deployedValue(variable: PlannedVariable): string | null {
  const value = productionDefault(variable);
  return value !== null && LOOPBACK.test(value) ? null : value;
}
