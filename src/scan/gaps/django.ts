import { searchCode } from "../search.ts";
import type { Found, GapRule } from "./rule.ts";
import { evidenceAt, type GapSite } from "./site.ts";

/** Settings that count only where one works. */
const ELSEWHERE = /(?:^|[/_.])(?:tests?|testing|local|dev|development|ci)(?=[/_.])/;
const HOSTS = /^[ \t]*ALLOWED_HOSTS\s*(?::[^=\n]{1,40})?(?:\+?=)\s*([^\n]*)/gm;
const NOBODY = /^\[\s*(?:["'](?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])["']\s*,?\s*)*\]/;
const DEBUG = /^[ \t]*DEBUG\s*(?::\s*bool\s*)?=\s*([^\n]*)/gm;

/** What the settings of Django say once for all machines. */
export const DJANGO: readonly GapRule[] = [
  {
    id: "no-hosts",
    title: "answers for no host name",
    why: "Outside of development Django refuses requests for names that ALLOWED_HOSTS does not list with 400, health checks too.",
    find: (site) =>
      always(site, HOSTS, NOBODY, {
        needs: "hosts",
        text: 'ALLOWED_HOSTS = [name for name in os.environ.get("ALLOWED_HOSTS", "").split(",") if name]\n',
      }),
  },
  {
    id: "debug-on",
    title: "runs in debug mode",
    why: "With DEBUG on, Django shows code, settings and queries to whoever meets an error, and keeps every query in memory.",
    find: (site) =>
      always(site, DEBUG, /^True\b/, { needs: "debug", text: 'DEBUG = os.environ.get("DEBUG") == "1"\n' }),
  },
];

/** The first assignment, where all of them say the same and nothing else sets it. */
function always(
  { framework, snapshot, sources }: GapSite,
  assigned: RegExp,
  wrong: RegExp,
  { needs, text }: { needs: string; text: string },
): Found | undefined {
  if (framework !== "django") return undefined;
  const files = sources.filter((file) => /settings|conf/.test(file) && !ELSEWHERE.test(`/${file}`));
  const hits = searchCode({ snapshot, sources: files }, assigned, { extensions: ["py"] });
  const [first] = hits;
  if (!first || hits.some(({ match }) => !wrong.test(match[1] ?? ""))) return undefined;
  return {
    evidence: [evidenceAt(snapshot, first.file, first.place.line, needs)],
    patch: { file: first.file, text },
  };
}
