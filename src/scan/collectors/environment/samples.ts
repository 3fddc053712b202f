import { parseDotenv } from "../../../formats/dotenv.ts";
import { baseOf, folderOf } from "../../../formats/tree.ts";
import { isAside } from "../../application-code.ts";
import type { Snapshot } from "../../snapshot.ts";

/** A key of an env file. */
export interface Listed {
  name: string;
  file: string;
  line: number;
  column: number;
  /** Samples are for everyone to read; of real files nothing but the key is known. */
  from: "sample" | "real";
  /** Of samples, where it is a value and no word in its place. */
  default: string | null;
  isRequired: boolean;
}

const ENV_FILE = /^\.?(?:[\w-]+[._-])*env(?:[._-][\w-]+)*$|^\.env\.[\w.-]+$/i;
const SAMPLE = /(?:^|[._-])(?:examples?|sample|template|tmpl|tpl|dist|defaults?|schema)(?:$|[._-])/i;
const FOR_TESTS = /(?:^|[._-])(?:tests?|testing|ci|e2e|spec)(?:$|[._-])/i;
/** Words that stand for a value which people have to put in. */
const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|\{\{?.*\}\}?|\.{3,}|x{3,}.*|\*+|-+|_+)$|\b(?:your|my)[-_ ]|^your|change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this|with)|\b(?:insert|enter|put|fill|add)[-_ ](?:your|the|here|in)|placeholder|^(?:todo|tbd|fixme|none|null|undefined|secret|password|example|n\/a|string)$/i;
/** Shapes of keys of known services, and long words of mixed letters and figures. */
const TOKEN = /^(?:AKIA|ASIA|sk[-_]|rk[-_]|pk_live|gh[a-z]_|github_pat|glpat-|xox|eyJ|AIza|SG\.|whsec_|-----BEGIN)/;
const LONG_WORD = /^(?=.*\d)(?=.*[A-Za-z])[\w+=-]{24,}$|^[A-Za-z0-9+/]{32,}={0,2}$/;

/** The keys of the env files among the files of a unit; those among its tests, examples and documents are of none. */
export function listedIn(snapshot: Snapshot, files: readonly string[], unit: string): Listed[] {
  return files.flatMap((file) => {
    const base = baseOf(file);
    if (!ENV_FILE.test(base) || /\.(?:[cm]?[jt]sx?|py|rb|go|sh|ps1|md)$/.test(base)) return [];
    const isSample = SAMPLE.test(base);
    const folder = unit === "." ? folderOf(file) : folderOf(file).slice(unit.length + 1);
    if (FOR_TESTS.test(base) || isAside(folder)) return [];
    return parseDotenv(snapshot.text(file) ?? "").map(
      ({ key, value, comment, line, column }): Listed => ({
        name: key,
        file,
        line,
        column,
        from: isSample ? "sample" : "real",
        default: isSample ? sampleValue(value) : null,
        isRequired:
          isSample && /\b(?:required|mandatory)\b/i.test(comment) && !/\b(?:not|isn't|if) required\b/i.test(comment),
      }),
    );
  });
}

/** A value that a service can run with; null for words that only stand for one, and for what may be a key. */
function sampleValue(value: string): string | null {
  const bare = value.trim();
  if (bare === "" || bare.includes("\n") || /\$\{?\w/.test(bare)) return null;
  return PLACEHOLDER.test(bare) || TOKEN.test(bare) || LONG_WORD.test(bare) ? null : bare;
}
