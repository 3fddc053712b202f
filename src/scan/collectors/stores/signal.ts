import type { Place } from "../../../formats/document.ts";

/**
 * Something that speaks for a store: a `dependency` on its client, a `use` in code, `settings` of a mapper or framework,
 * or an `address` with its scheme.
 */
export interface Signal {
  kind: string;
  role: "dependency" | "use" | "settings" | "address";
  file: string;
  place: Place | undefined;
  rule: string;
  /** Only there for development, for tests, or where nothing else is set. */
  isFallback?: boolean;
  /** The client is no dependency of production. */
  isDevelopment?: boolean;
  /** Comes with the language: there is no dependency to declare. */
  isBuiltIn?: boolean;
  /** Variable that holds the address. */
  variable?: string;
}

const INSTEAD =
  /(?:getenv|environ\.get|env\w*\.get|Getenv\w*|get_env|getOrDefault|[fF]etch|\bconfig|\benv(?:\.\w+)?)\s*\([^\n;]*,[^\n;]*$|(?:\|\||\?\?|\?:|:-|\bor\b|\belse\b|\bdefault\w*\s*[=:(]|unwrap_or\w*\()[^\n;]*$/;

/** Whether what follows is taken only where a variable is not set. */
export function isInstead(before: string): boolean {
  return INSTEAD.test(before.slice(-120));
}
