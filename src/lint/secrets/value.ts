/** What a value says that is meant to be replaced, or that everybody knows. */
const PLACEHOLDER =
  /…|^(?:x{3,}|\*+|\.+|-+|_+|0+|1+|<.*>|\[.*\]|\{\{.*|%.*%|@.*@|__.*__|\$.*|null|none|nil|undefined|true|false|empty|todo|tbd|n\/a)$|example|changeme|change[-_ ]?(?:me|this|it)|replace|placeholder|dummy|your[-_ ]|my[-_]?(?:secret|token|password|key)|insert|redacted|sample|fake|mock|xxxx|\*\*\*|\.\.\.|<[\w -]+>|abcdef|abc123|123456|654321|deadbeef|lorem|some[-_]?(?:secret|token|password|key)|not[-_]?(?:a[-_]?)?(?:real|secret|set|used|needed)|super[-_]?secret|top[-_]?secret|secret[-_]?(?:key|here|value)|fill[-_ ]?(?:me|in)|goes[-_ ]?here|to[-_]be|test[-_]?(?:key|token|secret|password)/i;
/** What stands for a value that comes from elsewhere. */
const REFERENCE =
  /\$\{|\$\(|\$[A-Za-z_]|\{\{|<%|%\(|%[A-Z_]+%|#\{|\(\(|\bENC\[|^(?:vault|ref|secretsmanager|ssm|op|env|file|arn|projects|azurekeyvault):|process\.env|os\.environ|getenv|secrets\./i;
const COMMON = new Set(
  "password passwd pass secret admin root postgres mysql mariadb mongo redis rabbitmq guest user test testing development dev local localhost app web api default hunter2 letmein qwerty welcome token key minio minioadmin minio123 keycloak django rails laravel symfony wordpress drupal string text hidden required optional".split(
    " ",
  ),
);

/** Whether a value only shows where one belongs, or is one that everybody knows. */
export function isPlaceholder(value: string): boolean {
  const bare = value.trim();
  if (bare.length < 4 || PLACEHOLDER.test(bare) || isReference(bare)) return true;
  const plain = bare.toLowerCase().replace(/[\d!@#._-]+$/g, "");
  return COMMON.has(plain) || plain.split(/[-_. ]/).every((word) => COMMON.has(word)) || distinct(bare) < 4;
}

/** Whether a value is taken from elsewhere when it is used. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}

/** Bits per character by how often each occurs in the text (Shannon). */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** How many of lower case, upper case, digits and other signs a text has. */
export function classesIn(text: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(text)).length;
}

/** Whether letters follow each other as in names and words: identifiers, paths, sentences. */
export function looksLikeWords(text: string): boolean {
  const parts = text.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).filter((part) => part !== "");
  const words = parts.filter((part) => /^[A-Z]?[a-z]{2,}$|^[A-Z]{2,}$/.test(part) && /[aeiouy]/i.test(part));
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  const digits = text.replace(/\D/g, "").length;
  return letters >= (text.length - (text.match(/[-_./ :]/g)?.length ?? 0)) * 0.8 && digits <= 4;
}

function distinct(text: string): number {
  return new Set(text).size;
}
