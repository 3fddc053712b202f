import { matchesIn } from "../../../../formats/needed-words.ts";
import { defaultOf, type Found, type Habit, judge, LITERAL, type Reader } from "../read.ts";

const GETENV =
  /\bSystem\.getenv\(\s*"(\w+)"\s*\)|\bSystem\.getenv\(\)\s*(?:\.get\(\s*"(\w+)"\s*\)|\[\s*"(\w+)"\s*\])|\bsys\.env(?:\.get)?\(\s*"(\w+)"\s*\)|\b[dD]otenv(?:\.get\(\s*"(\w+)"\s*\)|\[\s*"(\w+)"\s*\])/g;
const WITH_DEFAULT = new RegExp(
  String.raw`(?:\bSystem\.getenv\(\)\s*\.getOrDefault|\bsys\.env\.getOrElse|\bProperties\.envOrElse|\b[dD]otenv\.get)\(\s*"(\w+)"\s*,\s*(${LITERAL})?`,
  "g",
);
const HABITS: readonly Habit[] = [
  { after: /^\)*\s*\?:\s*(?:throw|error\(|exitProcess|return\b)/, need: "must" },
  { after: new RegExp(String.raw`^\)*\s*(?:\.\w+\(\))?\s*\?:\s*(?<value>${LITERAL})?`), need: "soft" },
  {
    after: new RegExp(String.raw`^\)*\s*\.(?:orElse|orElseGet|getOrElse)\(\s*(?:\(\)\s*->\s*)?(?<value>${LITERAL})?`),
    need: "soft",
  },
  { after: /^\s*!!/, need: "must" },
  { before: /\brequireNonNull\(\s*$|\bcheckNotNull\(\s*$|\brequireNotNull\(\s*$/, need: "must" },
  { after: /^\s*(?:[!=]=|\?\.)/, need: "soft" },
  { before: /\bequals(?:IgnoreCase)?\(\s*$|\bparseBoolean\(\s*$|\bif\s*\(\s*$/, need: "soft" },
];

/** `System.getenv` and its likes of Java, Kotlin and Scala. */
export const readJvm: Reader = (code) => {
  if (!/env/i.test(code)) return [];
  const found: Found[] = [];
  for (const match of matchesIn(code, GETENV)) {
    const name = match.slice(1).find((group) => group !== undefined) ?? "";
    const end = match.index + match[0].length;
    const judged = judge(code, match.index, end, HABITS, "plain");
    if (judged) found.push({ name, at: match.index, rule: "getenv", ...judged, ...ternary(code, match.index, end) });
  }
  for (const match of matchesIn(code, WITH_DEFAULT))
    found.push({ name: match[1] ?? "", at: match.index, rule: "getenv", need: "soft", ...defaultOf(match[2]) });
  return found;
};

/** `System.getenv("X") != null ? System.getenv("X") : "d"`. */
function ternary(code: string, from: number, to: number): Partial<Found> {
  const value = new RegExp(String.raw`^\)*\s*:\s*(${LITERAL})`).exec(code.slice(to, to + 80))?.[1];
  return value !== undefined && /\?[^;?]*$/.test(code.slice(Math.max(0, from - 60), from))
    ? { need: "soft", ...defaultOf(value) }
    : {};
}

const PLACEHOLDER = /\$\{([A-Z][A-Z0-9_]*)(?::(?=([^{}]*)(\}?))|\})/g;

/** `${X:default}` as Spring, Micronaut and Quarkus replace it, in annotations and configuration files. */
export function readPlaceholders(text: string): Found[] {
  return [...matchesIn(text, PLACEHOLDER)].map((match): Found => {
    const [, name = "", value, end] = match;
    const given = value === undefined || end === "" ? "" : value.replace(/^(["'`])(.*)\1$/, "$2").trim();
    const need = value === undefined ? "must" : "soft";
    return { name, at: match.index, rule: "placeholder", need, ...(given === "" ? {} : { default: given }) };
  });
}

/** Placeholders of annotations: `@Value("${X:default}")`. */
export const readAnnotations: Reader = (code) =>
  [
    ...code.matchAll(
      /@(?:\w+\.)*(?:Value|Property|ConfigProperty|Scheduled|RequestMapping|FeignClient|KafkaListener|RabbitListener)\s*\(([^)]*)\)/g,
    ),
  ].flatMap((match) => readPlaceholders(match[1] ?? "").map((read) => ({ ...read, at: match.index })));

const HOCON = /\$\{(\?)?([A-Z][A-Z0-9_]*)\}/g;

/** `${?X}` of HOCON, as in `application.conf`; the line before it may have the default. */
export function readHocon(text: string): Found[] {
  return [...matchesIn(text, HOCON)].map((match): Found => {
    const start = text.lastIndexOf("\n", match.index) + 1;
    const key = /^\s*([\w.-]+)\s*[=:]/.exec(text.slice(start, match.index))?.[1];
    const above =
      text
        .slice(0, Math.max(0, start - 1))
        .split("\n")
        .at(-1) ?? "";
    const [, name, value] = /^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(above) ?? [];
    const isDefault = key !== undefined && name === key && value !== undefined && !value.includes("${");
    const given = isDefault ? value.replace(/^"(.*)"$/, "$1") : "";
    return {
      name: match[2] ?? "",
      at: match.index,
      rule: "hocon",
      need: match[1] === undefined ? "must" : "soft",
      ...(given === "" ? {} : { default: given }),
    };
  });
}
