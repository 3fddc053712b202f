import type { View } from "../../collector.ts";
import { searchCode } from "../../search.ts";
import { SCRIPT } from "../../signs.ts";
import type { Kept } from "./written.ts";

const SESSION = /\b(?:session|expressSession|ExpressSession)\s*\(\s*\{([\s\S]{0,800}?)\}\s*\)/g;

/** Logins that live in one process or in files of one machine: others do not know them, and a release forgets them. */
export function sessionState(view: View): Kept[] {
  const { snapshot } = view;
  const inMemory = searchCode(view, SESSION, { extensions: SCRIPT.split(" ") }).filter(
    ({ file, match }) =>
      /["']express-session["']/.test(snapshot.code(file)?.code ?? "") && !/\bstore\b/.test(match[1] ?? ""),
  );
  const inFiles = searchCode(view, /\bSESSION_TYPE["'\]]*\s*[=:]\s*["']filesystem["']/g, { extensions: ["py"] });
  return [
    ...inMemory.slice(0, 1).map(
      ({ file, place }): Kept => ({
        path: "memory",
        what: "sessions",
        confidence: 0.85,
        at: view.seen(file, place, "sessions"),
      }),
    ),
    ...inFiles.slice(0, 1).map(
      ({ file, place }): Kept => ({
        path: "flask_session",
        what: "sessions",
        confidence: 0.85,
        at: view.seen(file, place, "sessions"),
      }),
    ),
  ];
}
