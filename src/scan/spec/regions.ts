const CLOUD_REGION =
  /\b(?:us|eu|ap|sa|ca|me|af|il|mx)-(?:(?:gov|isob?)-)?(?:north|south|east|west|central|northeast|southeast|northwest|southwest)(?:-?\d)\b|\b(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-(?:north|south|east|west|central|northeast|southeast)\d\b|\b(?:westeurope|northeurope|eastus2?|westus[23]?|centralus|uksouth|germanywestcentral|francecentral|swedencentral)\b/gi;
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:eu|europe|european union|eea)\b(?!-)/i, "eu"],
  [/\beu-(?:west|central|north|south)\b(?!-?\d)/i, "eu"],
  [/\bus-(?:east|west|central)\b(?!-?\d)/i, "us"],
  [/\b(?:usa?|united states|north america)\b(?!-)/i, "us"],
  [/\b(?:germany|frankfurt|berlin)\b/i, "de"],
  [/\b(?:uk|united kingdom|london|britain)\b/i, "uk"],
  [/\b(?:france|paris)\b/i, "fr"],
  [/\b(?:ireland|dublin)\b/i, "ie"],
  [/\b(?:switzerland|zurich|zürich)\b/i, "ch"],
  [/\b(?:canada|toronto|montreal)\b/i, "ca"],
  [/\b(?:asia|apac)\b(?!-)/i, "apac"],
  [/\b(?:singapore)\b/i, "sg"],
  [/\b(?:japan|tokyo)\b/i, "jp"],
  [/\b(?:india|mumbai)\b/i, "in"],
  [/\b(?:australia|sydney)\b(?!-)/i, "au"],
  [/\b(?:brazil|são paulo|sao paulo)\b/i, "br"],
];
/** Words that make a place one to run in. */
const ABOUT_PLACE =
  /\b(?:regions?|locations?|resid(?:e|ency)|hosted in|hosting|geograph\w*|data ?cent(?:er|re)s?|deployed (?:in|to)|jurisdiction|zones?|stay in|stored in|run(?:s)? in)\b/i;

/** Where it is to run: codes of clouds as they are, countries and parts of the world in short. */
export function regionsIn(text: string): string[] {
  const codes = [...text.matchAll(CLOUD_REGION)].map(([code]) => code.toLowerCase());
  const rest = text.replace(CLOUD_REGION, " ");
  const places = ABOUT_PLACE.test(text) ? PLACES.flatMap(([pattern, name]) => (pattern.test(rest) ? [name] : [])) : [];
  return [...new Set([...codes, ...places])];
}
