import { parser } from "@prometheus-io/lezer-promql";
import { nearest } from "../../../config/spelling.ts";
import { extensionOf } from "../../../formats/tree.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";
import { ruleGroupsOf } from "./groups.ts";

/** Words that many programs begin the names of their metrics with. */
const COMMON = new Set(
  "http https grpc rpc process go node nodejs jvm python ruby php db sql redis cache queue job jobs request requests api app up probe container kube node_exporter postgres pg mysql nginx system service".split(
    " ",
  ),
);
/** What a library adds to the name that the code gives. */
const ADDED = /_(?:bucket|count|sum|created|info|total)$/;
const CODE = new Set(
  "js mjs cjs ts mts cts jsx tsx vue svelte py go rs java kt kts scala groovy cs fs rb php ex exs swift dart clj cljs c cc cpp h hpp".split(
    " ",
  ),
);
const LEAST_NAME = 8;
const MOST_SLIPS = 2;

/** What is wrong with a series that an expression asks for. */
export interface LostSeries {
  name: string;
  /** The exported one that it is a slip of; undefined where it only bears the name of the application. */
  meant: string | undefined;
}

/** The series of an expression that the code of this repository should export and does not; nothing is said of those of others. */
export function lostSeries(expression: string, { services, files, tree }: RuleContext): LostSeries[] {
  const exported = new Set(services.flatMap(({ metrics = [] }) => metrics));
  if (exported.size === 0) return [];
  const known = new Set([...exported].map(plain));
  const own = prefixesOf(known);
  return namesIn(expression).flatMap((name) => {
    const bare = plain(name);
    if (known.has(bare) || name.includes(":") || isRecorded(name, files)) return [];
    const [prefix = ""] = bare.split("_");
    const meant = slipOf(bare, exported);
    if ((meant === undefined && !own.has(prefix)) || isMade(bare, tree)) return [];
    return [{ name, meant }];
  });
}

function plain(name: string): string {
  return name.replace(ADDED, "").replace(ADDED, "");
}

/** First words that several metrics of the code share, and that are of no library. */
function prefixesOf(names: ReadonlySet<string>): Set<string> {
  const groups = Map.groupBy([...names], (name) => name.split("_")[0] ?? "");
  return new Set([...groups].filter(([word, all]) => all.length > 1 && !COMMON.has(word)).map(([word]) => word));
}

/** The metric that a name is a slip of: a letter off, or without its unit. */
function slipOf(bare: string, exported: ReadonlySet<string>): string | undefined {
  if (bare.length < LEAST_NAME) return undefined;
  const shorter = [...exported].find(
    (name) => plain(name).startsWith(`${bare}_`) && /_(?:seconds|bytes|ratio)$/.test(plain(name)),
  );
  if (shorter) return shorter;
  const close = nearest(bare, [...exported].map(plain), MOST_SLIPS);
  return close && close.length >= LEAST_NAME ? [...exported].find((name) => plain(name) === close) : undefined;
}

/** The names of the series that an expression selects. */
function namesIn(expression: string): string[] {
  const found = new Set<string>();
  parser.parse(expression).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.name === "Identifier" && node.parent?.type.name === "VectorSelector")
        found.add(expression.slice(from, to));
    },
  });
  return [...found];
}

function isRecorded(name: string, files: readonly LintFile[]): boolean {
  return files
    .filter(({ kind, text }) => (kind === "prometheus-rules" || kind === "kubernetes") && text.includes(name))
    .some((file) => ruleGroupsOf(file).some(({ rules }) => rules.some(({ value }) => value.record === name)));
}

/** Whether any code holds the name, or what is left of it without the part that a library may put before it. */
function isMade(bare: string, { paths, text }: RuleContext["tree"]): boolean {
  const rest = bare.split("_").slice(1).join("_");
  const words = [bare, ...(rest.length >= LEAST_NAME ? [rest] : [])].map((word) => word.replaceAll("_", "[._-]?"));
  const pattern = new RegExp(`(?<![A-Za-z\\d])(?:${words.join("|")})(?:[._-]?(?:total|seconds|bytes))*(?!\\w)`, "i");
  return paths.some((path) => CODE.has(extensionOf(path)) && pattern.test(text(path) ?? ""));
}

/** What is said of a lost series, and how gravely. */
export function toldOf({ name, meant }: LostSeries): [message: string, more: Pick<Complaint, "severity">] {
  return meant === undefined
    ? [
        `no code of this repository exports ${name}: correct the name, or leave it if another program does`,
        { severity: "note" },
      ]
    : [`no code exports ${name}, but ${meant}: this is always empty`, { severity: "warning" }];
}
