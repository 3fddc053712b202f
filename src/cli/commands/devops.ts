import type { DevOpsAnswer } from "../../contract/devops.ts";
import { confirm } from "../confirm.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

const CLEANUPS = { "clear-sessions": "stale-sessions", "clear-orphans": "orphans" } as const;
type Verb = "health" | "stats" | keyof typeof CLEANUPS;

/** Answers what a verb of `devops` does when it runs. */
export function devopsCommand(verb: Verb) {
  return async (options: GlobalOptions & { yes?: boolean }): Promise<void> => {
    await withSession(options, async ({ usecases }) => {
      if (verb === "health" || verb === "stats") return show(await usecases.devops(verb), options);
      const what = CLEANUPS[verb];
      await confirm(`Let the application remove ${what.replace("-", " ")}?`, options);
      show(await usecases.clearDevops(what, actor()), options);
    });
  };
}

function show(answer: DevOpsAnswer, { json }: GlobalOptions): void {
  if (json) printJson(answer);
  else for (const line of lines(answer.body)) print(line);
}

function lines(body: unknown): string[] {
  if (body === null) return ["done"];
  if (typeof body !== "object") return [String(body)];
  return Object.entries(body as object).map(
    ([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
  );
}
