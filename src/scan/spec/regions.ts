import { liesIn, regionsOf } from "../regions.ts";

/** Codes of clouds; of those of other shapes the ones that are known. */
const CLOUD_REGION =
  /\b(?:us|eu|ap|sa|ca|me|af|il|mx)-(?:(?:gov|isob?)-)?(?:north|south|east|west|central|northeast|southeast|northwest|southwest)(?:-?\d)\b|\b(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-(?:north|south|east|west|central|northeast|southeast|southwest)\d{1,2}\b/gi;
const WORDS = /(north|south|east|west|central|europe|us|uk)/;
const AZURE = new RegExp(
  `\\b(?:${regionsOf("azure")
    .map(({ id }) => id.split(WORDS).filter(Boolean).join("[ -]?"))
    .sort((a, b) => b.length - a.length)
    .join("|")})\\b(?!-)`,
  "gi",
);
const VERCEL = new RegExp(
  `\\b(?:${regionsOf("vercel")
    .map(({ id }) => id)
    .join("|")})\\b`,
  "g",
);

const BOUND = "(?!-(?!only|based|hosted|resident))";
/** Parts of the world, countries and their cities, as people write them; what is narrower stands behind what is wider. */
const PLACES: readonly (readonly [pattern: RegExp, name: string])[] = (
  [
    ["eu|europe|european union|eea", "eu"],
    ["eu[- ](?:west|central|north|south)(?!-?\\d)", "eu"],
    ["dach", "dach"],
    ["nordics?|scandinavia", "nordics"],
    ["usa?|u\\.s\\.(?:a\\.)?|united states|america", "us"],
    ["us[- ]east(?!-?\\d)|virginia|ohio|new york|washington,? d\\.?c\\.?|boston|atlanta|miami|east coast", "us-east"],
    ["us[- ]west(?!-?\\d)|oregon|california|seattle|los angeles|san francisco|west coast", "us-west"],
    ["us[- ]central(?!-?\\d)|texas|dallas|iowa|chicago", "us-central"],
    ["north america", "north-america"],
    ["latin america|latam|south america", "latam"],
    ["asia|apac|asia[- ]pacific", "apac"],
    ["middle east|mena", "middle-east"],
    ["africa", "africa"],
    ["germany|deutschland|frankfurt|berlin|munich|hamburg", "de"],
    ["u\\.?k\\.?|united kingdom|london|(?:great )?britain|england", "uk"],
    ["france|paris|marseille", "fr"],
    ["ireland|dublin", "ie"],
    ["netherlands|amsterdam", "nl"],
    ["belgium|brussels", "be"],
    ["switzerland|zurich|zürich|geneva", "ch"],
    ["austria|vienna", "at"],
    ["italy|milan|rome|turin", "it"],
    ["spain|madrid|barcelona", "es"],
    ["portugal|lisbon", "pt"],
    ["sweden|stockholm", "se"],
    ["finland|helsinki", "fi"],
    ["norway|oslo", "no"],
    ["denmark|copenhagen", "dk"],
    ["poland|warsaw", "pl"],
    ["czech(?:ia| republic)|prague", "cz"],
    ["romania|bucharest", "ro"],
    ["canada|toronto|montr[eé]al|calgary|vancouver|quebec", "ca"],
    ["mexico", "mx"],
    ["brazil|s[ãa]o paulo|rio de janeiro", "br"],
    ["chile|santiago", "cl"],
    ["singapore", "sg"],
    ["japan|tokyo|osaka", "jp"],
    ["india|mumbai|hyderabad|delhi|chennai|pune", "in"],
    ["australia|sydney|melbourne", "au"],
    ["new zealand|auckland", "nz"],
    ["(?:south )?korea|seoul", "kr"],
    ["hong kong", "hk"],
    ["taiwan|taipei", "tw"],
    ["indonesia|jakarta", "id"],
    ["malaysia|kuala lumpur", "my"],
    ["thailand|bangkok", "th"],
    ["u\\.?a\\.?e\\.?|united arab emirates|dubai", "ae"],
    ["bahrain", "bh"],
    ["qatar|doha", "qa"],
    ["saudi arabia|riyadh|dammam", "sau"],
    ["israel|tel aviv", "il"],
    ["south africa|johannesburg|cape town", "za"],
  ] as const
).map(([words, name]) => [new RegExp(`(?<![\\p{L}\\d-])(?:${words})(?![\\p{L}\\d])${BOUND}`, "iu"), name]);

/** Words that make a place one to run in. */
const ABOUT_PLACE =
  /\b(?:regions?|locat(?:ions?|ed)|resid(?:e|ency|ent)|hosted in|hosting|geograph\w*|data ?cent(?:er|re)s?|deploy\w* (?:in|to)|jurisdiction|zones?|(?:stay|stays|remain|remains|kept|stored|store|processed|held|run|runs|running) (?:\w+ )?(?:in|within|inside)|leaves?|outside(?: of)?|servers? in|sovereign\w*|(?:aws|azure|gcp|google cloud)\b.{0,20})\b|-(?:only|based|hosted|resident)\b|\bonly\b/i;
/** Somewhere it must not be; what is not to be left or not outside of is where it has to be. */
const REFUSED = /\b(?:not|never|no|except|excluding|avoid|rather than|instead of)\b[^.;:]*$/i;
const INSIDE = /\b(?:outside(?: of)?|leaves?|leaving|beyond|except(?: in)?|elsewhere than)\s+(?:of\s+)?(?:the\s+)?$/i;

/** Where it is to run: codes of clouds as they are, countries and parts of the world in short; `de or fr` is one of them. */
export function regionsIn(text: string): string[] {
  const about = ABOUT_PLACE.test(text);
  const codes = [CLOUD_REGION, VERCEL, ...(about ? [AZURE] : [])].flatMap((form) =>
    [...text.matchAll(form)].map(([code]) => code.toLowerCase().replace(/(?<=[a-z])[ ](?=[a-z])/g, "")),
  );
  const rest = [CLOUD_REGION, VERCEL, ...(about ? [AZURE] : [])].reduce((left, form) => left.replace(form, " "), text);
  const places = about ? PLACES.flatMap(([pattern, name]) => (isWanted(rest, pattern) ? [name] : [])) : [];
  // Of `EU (Frankfurt)` the city is meant.
  const narrow = places.filter((name) => !places.some((other) => other !== name && liesIn(other, name)));
  const all = [...new Set([...codes, ...narrow])];
  return all.length > 1 && /\bor\b/i.test(text) && !/\band\b/i.test(text) ? [all.join(" or ")] : all;
}

function isWanted(text: string, pattern: RegExp): boolean {
  const found = pattern.exec(text);
  if (!found) return false;
  const before = text.slice(0, found.index);
  // The word `us` is no country, but behind a name or an article.
  if (found[0] === "us" && !/(?:\bregions?|\bin the|,|[:=/|])\s*$/i.test(before)) return false;
  return !REFUSED.test(before) || INSIDE.test(before);
}
