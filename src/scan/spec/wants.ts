import type { Item } from "./markdown.ts";
import { durationsIn, numbersIn, sizesIn } from "./quantities.ts";
import { regionsIn } from "./regions.ts";
import type { Section } from "./sections.ts";
import { usersIn } from "./users.ts";
import { COMPLIANCE, KINDS, LANGUAGES, namesIn, PLATFORMS, SERVICES, STORES } from "./words.ts";

/** What an item asks for: `users` 5000, `p95` in milliseconds, `rpo` and `rto` in seconds, names as lists. */
export interface Want {
  id: string;
  value: unknown;
}

interface Asked {
  /** Key and words together. */
  all: string;
  key: string;
  text: string;
  section: Section | undefined;
  form: Item["form"];
}
type Reader = (asked: Asked) => Want[];

const one = (id: string, value: unknown): Want[] => (value === undefined ? [] : [{ id, value }]);
const list = (id: string, values: readonly string[]): Want[] =>
  values.length === 0 ? [] : [{ id, value: [...values] }];
/** The upper end of what is said: of `1,000 to 5,000` the second. */
const most = (values: readonly number[]) => (values.length === 0 ? undefined : Math.max(...values));

const PER: readonly [RegExp, number][] = [
  [/\s*(?:rps|qps|tps|req(?:uest)?s?\s*(?:\/|per)\s*s(?:ec(?:ond)?)?|queries (?:\/|per) s(?:ec(?:ond)?)?)\b/i, 1],
  [/\s*(?:rpm|req(?:uest)?s?\s*(?:\/|per|a)\s*m(?:in(?:ute)?)?)\b/i, 60],
  [/\s*req(?:uest)?s?\s*(?:\/|per|an)\s*h(?:our)?\b/i, 3_600],
  [/\s*req(?:uest)?s?\s*(?:\/|per|a)\s*day\b/i, 86_400],
];

const requests: Reader = ({ all, key, text }) => {
  const found = numbersIn(all).flatMap(({ value, to }) => {
    const per = PER.find(([unit]) => new RegExp(`^${unit.source}`, "i").test(all.slice(to)));
    return per ? [value / per[1]] : [];
  });
  const named = /\b(?:rps|qps|tps|requests?(?:\s*\/\s*s| per second)|throughput)\b/i.test(key)
    ? numbersIn(text).map(({ value }) => value)
    : [];
  const value = most(found.length > 0 ? found : named);
  return one("requests-per-second", value === undefined ? undefined : Math.round(value * 1_000) / 1_000);
};

/** `95% of API requests answered within`, `respond to 99 % of requests in`. */
const SHARE =
  /\b(50|90|95|99)\s*(?:%|percent) of (?:(?:all|the|api|http|our|user|page|search)\s+)*(?:requests?|responses?|calls?|queries|loads?|pages?)\b/i;

/** `p50 < 100ms, p95 < 250ms`: each with its own time. */
const EACH = /\bp\s?(50|90|95|99)\b([^\d]{0,20}\d[^;,]*)/gi;

const latency: Reader = ({ all }) => {
  const each = [...all.matchAll(EACH)].flatMap(([, percentile = "", text = ""]) => {
    const [time] = durationsIn(text);
    return time ? [{ id: `p${percentile}`, value: Math.round(time.seconds * 1_000) }] : [];
  });
  if (each.length > 1) return each;
  const share = SHARE.exec(all);
  if (!share && !/\b(?:p\d\d|latency|response times?|percentile|respond)/i.test(all)) return [];
  const percentile = share ?? /\bp\s?(50|90|95|99)\b|\b(50|90|95|99)th\b|\b(median)\b/i.exec(all);
  const name = percentile ? (percentile[3] ? "p50" : `p${percentile[1] ?? percentile[2]}`) : "p95";
  const [time] = durationsIn(all).map(({ seconds }) => seconds);
  return one(name, time === undefined || time > 3_600 ? undefined : Math.round(time * 1_000));
};

const availability: Reader = ({ all }) => {
  if (!/\b(?:availab\w*|uptime|sla|slo|nines)\b/i.test(all)) return [];
  const nines: Record<string, number> = { two: 99, three: 99.9, four: 99.99, five: 99.999 };
  const word = /\b(two|three|four|five) nines\b/i.exec(all)?.[1]?.toLowerCase();
  // Of a sentence with a share of requests too, the one that is nearest behind the word.
  const rest = all.replace(new RegExp(SHARE.source, "gi"), "");
  const behind = rest.slice(rest.search(/\b(?:availab\w*|uptime|sla|slo)\b/i));
  const PERCENT = /\b(9\d(?:[.,]\d+)?|100)\s*(?:%|percent)/i;
  const percent = PERCENT.exec(behind)?.[1] ?? PERCENT.exec(rest)?.[1] ?? /\b(99[.,]\d+)\b/.exec(rest)?.[1];
  return one(
    "availability",
    word === undefined ? (percent === undefined ? undefined : Number(percent.replace(",", "."))) : nines[word],
  );
};

const POINT = /\b(?:rpo|recovery point(?: objective)?)\b|\bdata loss\b(?!.*\brpo\b)/i;
const TIME =
  /\b(?:rto|recovery time(?: objective)?|time to recover|max(?:imum|\.)? downtime|(?:restored|recovered|back(?: up)?) (?:with)?in)\b/i;
/** `RPO/RTO: 1 min / 15 min`, `RTO and RPO: 4 h and 1 h`. */
const BOTH = /\b(rpo|rto)\s*(?:\/|and|&|,|\+)\s*(rpo|rto)\b/i;
/** `at most 15 minutes of data may be lost`, `we can lose a day of posts`. */
const LOST = /\b(?:lose|losing)\b|\bof\s+(?:\w+\s+)?data\b.*\blost\b/i;

const recovery: Reader = ({ all: text }) => {
  const all = text.replace(/\b(?:one|an?)(?= (?:second|minute|hour|day|week)\b)/gi, "1");
  const both = BOTH.exec(all);
  const durations = durationsIn(all.slice((both?.index ?? 0) + (both?.[0].length ?? 0)));
  if (both && durations.length === 2)
    return [1, 2].flatMap((at) => one(String(both[at]).toLowerCase(), durations[at - 1]?.seconds));
  const named = (
    [
      ["rpo", POINT],
      ["rto", TIME],
    ] as const
  ).flatMap(([id, pattern]) => {
    const at = pattern.exec(all);
    if (!at) return [];
    const rest = all.slice(at.index, at.index + 80);
    // Of "RPO 5 min, RTO 1 h" each has its own.
    const other = rest.slice(3).search(id === "rpo" ? /\brto\b/i : /\brpo\b/i);
    const own = rest.slice(0, other === -1 ? undefined : other + 3);
    const seconds = durationsIn(own)[0]?.seconds ?? (/\b(?:zero|none|no|0)\b/i.test(own) ? 0 : undefined);
    return one(id, seconds);
  });
  if (named.some(({ id }) => id === "rpo") || !LOST.test(all)) return named;
  const clause = all.split(/[;.]|,? and /).find((part) => LOST.test(part)) ?? "";
  return [...one("rpo", durationsIn(clause)[0]?.seconds), ...named];
};

const CURRENCY: Record<string, string> = { $: "USD", "€": "EUR", "£": "GBP" };

/** `100 and 200`, `100 to 200`, `100-200`: the upper end. */
const RANGE =
  /^[\d.,' ]+k?\s*(?:[$€£]|USD|EUR|GBP|CHF)?\s*(?:and|to|-|–)\s*(?:[$€£]|USD|EUR|GBP|CHF)?\s*(\d[\d.,']*\s*k?)/i;

const budget: Reader = ({ all, key }) => {
  const isAbout = /\b(?:budget|costs?|spend(?:ing)?|price|per month|monthly|\/\s*mo(?:nth)?)\b/i.test(all);
  const [whole, sign, code, codeBehind, signBehind] =
    /(?:([$€£])|\b(USD|EUR|GBP|CHF)\b)\s*(?=\d)|(?<=\d[\d,.']*\s*k?\s*)(?:(USD|EUR|GBP|CHF|dollars|euros?)\b|([€£$]))/i.exec(
      all,
    ) ?? [];
  if (!isAbout || whole === undefined) return [];
  const amount =
    /\b(?:budget|cost|spend)/i.test(key) || sign || code
      ? (numbersIn(all.slice(key.length))[0]?.value ?? numbersIn(all)[0]?.value)
      : numbersIn(all)[0]?.value;
  const word = (code ?? codeBehind ?? "").toUpperCase();
  const currency =
    CURRENCY[sign ?? signBehind ?? ""] ?? (word.startsWith("EURO") ? "EUR" : word.startsWith("DOLLAR") ? "USD" : word);
  const per = /\b(?:per|a|each)\s+year|\/\s*y(?:ea)?r?\b|yearly|annual|\bp\.?\s?a\b/i.test(all) ? "year" : "month";
  if (amount === undefined || currency === "") return [];
  const upper = RANGE.exec(all.slice(all.search(/\d/)))?.[1];
  const most = Math.max(amount, upper === undefined ? 0 : (numbersIn(upper)[0]?.value ?? 0));
  return [{ id: "budget", value: { amount: most, currency, per } }];
};

const stores: Reader = ({ all }) => {
  const { wanted, refused } = namesIn(all, STORES);
  return [...list("stores", wanted), ...list("without", refused)];
};

const integrations: Reader = ({ all, key, text, section, form }) => {
  const { wanted: known, refused } = namesIn(all, SERVICES);
  if (known.length + refused.length > 0 || section !== "integrations" || form === "sentence")
    return [...list("integrations", known), ...list("without", refused)];
  if (/^(?:no|not|without|never|none|nothing)\b/i.test(all)) return [];
  if (namesIn(all, STORES).wanted.length > 0) return [];
  const words =
    (key || text).split(/\s*(?:[:(—–,;]|\s-\s|\b(?:via|for|using|with|to|over|through|by)\b)/)[0]?.trim() ?? "";
  const isName = /^[\p{L}\p{N}][\p{L}\p{N} ./&+-]{1,40}$/u.test(words) && words.split(/\s+/).length <= 4;
  return list(
    "integrations",
    isName
      ? [
          words
            .toLowerCase()
            .replace(/[^\p{L}\p{N}]+/gu, "-")
            .replace(/^-|-$/g, ""),
        ]
      : [],
  );
};

const type: Reader = ({ all, key, text, section }) => {
  const names = /(?:\b|_)(?:type|kind)\b/i.test(key);
  return section === "type" || names ? list("type", namesIn(names ? text : all, KINDS).wanted) : [];
};

const data: Reader = ({ all, section }) => {
  const size =
    /\b(?:data|storage|database|disk|volume|grow\w*|size|store)\b/i.test(all) || section === "data"
      ? most(sizesIn(all))
      : undefined;
  const kept = /\b(?:retention|retain(?:ed)?|keep|kept|archiv\w*|stored for|delete[ds]? after)\b/i.test(all)
    ? most(durationsIn(all).map(({ seconds }) => seconds))
    : undefined;
  const uploads =
    /\b(?:uploads?|attachments?|user files|images uploaded)\b/i.test(all) &&
    !/\bno\s+(?:file\s+)?uploads?\b/i.test(all);
  return [
    ...one("data-size", size),
    ...one("retention-days", kept === undefined ? undefined : Math.round(kept / 86_400)),
    ...(uploads ? one("uploads", true) : []),
  ];
};

const scaling: Reader = ({ all }) => {
  if (!/\b(?:instances?|replicas?|pods?|containers?|nodes?|autoscal\w*|auto-scal\w*|scale)\b/i.test(all)) return [];
  const range =
    /(\d+)\s*(?:to|-|–|…|\.\.)\s*(\d+)\s*(?:instances?|replicas?|pods?|containers?|nodes?)/i.exec(all) ??
    /\b(?:instances?|replicas?|pods?|containers?|nodes?)\s*:\s*(\d+)\s*(?:to|-|–|…|\.\.)\s*(\d+)/i.exec(all);
  const bound = (word: string) =>
    new RegExp(`\\b${word}\\w*\\s*(?:of\\s*)?:?\\s*(\\d+)|(\\d+)\\s*${word}`, "i").exec(all);
  const min =
    range?.[1] ??
    bound("min")?.[1] ??
    /\bat least\s+(\d+)\s+(?:instances?|replicas?|pods?|containers?|nodes?)/i.exec(all)?.[1];
  const max =
    range?.[2] ??
    bound("max")?.[1] ??
    /\b(?:up to|at most)\s+(\d+)\s+(?:instances?|replicas?|pods?|containers?|nodes?)/i.exec(all)?.[1];
  if (min === undefined && max === undefined)
    return /\bauto-?scal\w*/i.test(all) && !/\bno\s+auto-?scal/i.test(all) ? one("autoscaling", true) : [];
  return [
    {
      id: "scale",
      value: { min: min === undefined ? null : Number(min), max: max === undefined ? null : Number(max) },
    },
  ];
};

const constraints: Reader = ({ all, key, section }) => {
  const isPlace =
    /\b(?:hosted|hosting|deploy\w*|run(?:s|ning)? on|platform|infrastructure|cloud)\b/i.test(all) ||
    section === "constraints";
  const platforms = isPlace ? namesIn(all, PLATFORMS) : { wanted: [], refused: [] };
  const isLanguage =
    /\b(?:language|stack|written in|built with|backend in|implemented in|runtime)\b/i.test(all) ||
    (section === "constraints" && (/\b(?:only|must|use)\b/i.test(all) || /^\S+(?: \S+){0,3}$/.test(all)));
  const found: Want[] = [...list("platforms", platforms.wanted), ...list("without", platforms.refused)];
  if (isLanguage) found.push(...list("languages", namesIn(all, LANGUAGES).wanted));
  if (/\b(?:zero|no)[- ]?downtime\b/i.test(all)) found.push({ id: "zero-downtime", value: true });
  if (
    /\b(?:on[- ]prem(?:ises?)?|self[- ]hosted|own (?:hosts|servers|hardware|data ?cent(?:er|re)s?|machines)|air[- ]gapped)\b/i.test(
      all,
    )
  )
    found.push({ id: "own-hosts", value: true });
  if (/\bstateless\b/i.test(all)) found.push({ id: "stateless", value: true });
  if (
    /\b(?:web ?sockets?|real[- ]?time|live updates|server[- ]sent events|long-lived connections)\b/i.test(all) &&
    !/^no\b/i.test(key)
  )
    found.push({ id: "realtime", value: true });
  return found;
};

const READERS: readonly Reader[] = [
  type,
  ({ all, key }) => usersIn(all, key),
  requests,
  latency,
  availability,
  recovery,
  ({ all }) => list("regions", regionsIn(all)),
  ({ all }) => list("compliance", namesIn(all, COMPLIANCE).wanted),
  budget,
  stores,
  integrations,
  data,
  scaling,
  constraints,
];

/** What somebody leaves out on purpose. */
const ELSEWHERE =
  /\b(?:out of scope|not in scope|non[- ]goals?|future (?:work|versions?|extensions?)|later phases?)\b/i;
const NOTHING =
  /^(?:none(?: else)?|n\/?a|nothing(?: else)?|not (?:needed|required|applicable|relevant)|no|-+|—|–)\.?$/i;

/** What an item asks for; undefined where it says that nothing is needed. */
export function wantsOf({ headings, key, text, form }: Item, section: Section | undefined): Want[] | undefined {
  if (NOTHING.test(text.trim()) || [...headings, key, text].some((words) => ELSEWHERE.test(words))) return undefined;
  const all = key === "" ? text : `${key}: ${text}`;
  return READERS.flatMap((read) => read({ all, key, text, section, form }));
}
