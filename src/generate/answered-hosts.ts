import { isIn, type Tree } from "../formats/tree.ts";
import type { AnsweredHosts, PlannedVariable } from "./plan.ts";

interface Site {
  framework: string | null;
  path: string;
  tree: Tree;
}

const SETTINGS = /(?:^|\/)(?:settings|conf|config)[\w/]*\.py$/;
/** Settings modules of other places than production, and those of production. */
const ELSEWHERE = /(?:^|[/_.])(?:tests?|testing|local|dev|development|ci)(?=[/_.])/;
const PRODUCTION = /(?:^|[/_.])prod(?:uction)?(?=[/_.])/;
const ASSIGNED = /^[ \t]*ALLOWED_HOSTS\s*(?::[^=\n]{1,40})?=\s*/m;
/** Who asks on Railway whether a deployment is well (docs.railway.com, "Healthchecks"). */
const RAILWAY = "healthcheck.railway.app";
/** More than people write in one assignment. */
const LONGEST = 400;

/**
 * The names that Django answers for (`ALLOWED_HOSTS`): every request for another one, also that of a health check by address, is refused with
 * 400. Null where the code says nothing of them, or takes any name.
 */
export function answeredHosts({ framework, path, tree }: Site): AnsweredHosts | null {
  if (framework !== "django") return null;
  const files = tree.paths.filter((file) => isIn(file, path) && SETTINGS.test(file) && !ELSEWHERE.test(`/${file}`));
  const [file] = files
    .filter((one) => ASSIGNED.test(tree.text(one) ?? ""))
    .sort((a, b) => Number(PRODUCTION.test(b)) - Number(PRODUCTION.test(a)));
  if (file === undefined) return null;
  const text = tree.text(file) ?? "";
  const start = ASSIGNED.exec(text);
  if (!start) return null;
  const said = expression(text.slice(start.index + start[0].length, start.index + start[0].length + LONGEST));
  const names = [...said.matchAll(/["']([^"'\n]{1,100})["']/g)].map(([, name = ""]) => name);
  const variable = names.find((name) => /^[A-Z][A-Z0-9_]*$/.test(name)) ?? null;
  const separator = /\.split\(\s*(?:["'](.)["'])?\s*\)/.exec(said);
  const hosts = names.filter((name) => /^[a-z0-9.*[\]:-]+$/i.test(name) && name !== variable && name.length > 1);
  if (variable === null && (names.includes("*") || !said.startsWith("["))) return null;
  return { variable, separator: separator ? (separator[1] ?? " ") : ",", hosts };
}

/** What is assigned: to the end of its brackets, else of its line. */
function expression(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if ("([{".includes(text[at] ?? "")) depth += 1;
    else if (")]}".includes(text[at] ?? "")) depth -= 1;
    else if (text[at] === "\n" && depth === 0) return text.slice(0, at);
  }
  return text;
}

/**
 * The variable of those names with what it is on a platform, unless somebody decided: the domain with all below it, and who else asks there. A load
 * balancer of AWS asks by address, and Front Door by the name of the container app; both pass on only requests for their own names, so that any
 * name will do behind them.
 */
export function withHosts(
  variables: readonly PlannedVariable[],
  answered: AnsweredHosts | null,
  domain: string | null,
): PlannedVariable[] {
  if (answered?.variable == null) return [...variables];
  const { variable: name, separator } = answered;
  const known = variables.find((one) => one.name === name);
  if (known?.decided) return [...variables];
  const listed = (...names: string[]) => names.join(separator);
  const told: PlannedVariable = {
    name,
    class: "config",
    phase: "run",
    store: null,
    ...known,
    // Without a name it answers nobody, whatever the code falls back to.
    required: true,
    default: domain === null ? null : `.${domain}`,
    ...(domain === null ? {} : { decided: true }),
    working: listed("localhost", "127.0.0.1"),
    on: { railway: listed("${{RAILWAY_PUBLIC_DOMAIN}}", RAILWAY), aws: "*", azure: "*" },
  };
  return [...variables.filter((one) => one.name !== name), told].sort((a, b) => (a.name < b.name ? -1 : 1));
}
