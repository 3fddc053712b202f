import { createContext, Script } from "node:vm";

const TIME_LIMIT_MS = 100;
const sandbox = createContext({ pattern: /./, text: "" });
const exec = new Script("pattern.exec(text)");

type PatternResult = { groups: (string | undefined)[] } | { groups: null } | { error: string };

/**
 * Matches a pattern from the manifest. It runs under a time limit: a pattern that backtracks without end would otherwise hold up
 * every check and the daemon with them.
 */
export function matchPattern(pattern: string, text: string): PatternResult {
  try {
    sandbox.pattern = new RegExp(pattern);
  } catch {
    return { error: `${JSON.stringify(pattern)} is not a regular expression` };
  }
  sandbox.text = text;
  try {
    const match: string[] | null = exec.runInContext(sandbox, { timeout: TIME_LIMIT_MS });
    return { groups: match && [...match] };
  } catch {
    return { error: `${JSON.stringify(pattern)} took longer than ${TIME_LIMIT_MS} ms` };
  } finally {
    sandbox.text = "";
  }
}
