/** Words that switch something. */
const SWITCH = /^(?:true|false|yes|no|on|off|enabled|disabled)$/i;
/** Numbers, times and sizes: `30`, `0.5`, `15m`, `7 days`, `10mb`. */
const AMOUNT = /^-?\d+(?:\.\d+)?\s?(?:[a-z]{1,8}|%)?$/i;
/** What settings with a fixed choice have: `info`, `en,de`, `0 3 * * *`. */
const CHOICE = /^(?!\*$)[\w.+,:;/ *-]{1,80}$/;
/** A folder or a route of the image or the program; none below the home of a developer. */
const PATH = /^(?!\/(?:home|Users)\/)(?:\.{0,2}\/)?[\w.-]*(?:\/[\w.{}:-]+)*\/?$/;

/** Words in the names of settings whose value is a choice of the program. */
const CHOICES = words(
  "LEVEL LEVELS FORMAT MODE ENV ENVIRONMENT TZ TIMEZONE LOCALE LOCALES LANG LANGUAGE LANGUAGES CURRENCY CURRENCIES ALGORITHM ALGORITHMS " +
    "ALG DRIVER BACKEND ADAPTER ENGINE STRATEGY THEME CHARSET ENCODING COLLATION DIALECT FEATURE FEATURES FLAG FLAGS SCHEDULE CRON " +
    "MODEL STYLE COLOR VERSION LOGGER SCHEME PROTOCOL SAMESITE",
);
/** Words at the end of the names of folders and routes. */
const PLACES = words("PATH DIR DIRECTORY FOLDER ROOT ROUTE PREFIX FILE MOUNT");
/** What the application is called: one name wherever it runs. */
const OWN_NAME = /^(?:APP|APPLICATION|SITE|SERVICE|OTEL_SERVICE|PROJECT)_(?:NAME|TITLE)$/;
/** Words at the end of names of what belongs to somebody: an account, a resource, a place. */
const OWNED = words(
  "ID IDS ACCOUNT TENANT ORG ORGANIZATION BUCKET CONTAINER TOPIC SUBSCRIPTION CLUSTER INDEX ARN HOST HOSTS HOSTNAME SERVER DOMAIN DOMAINS " +
    "URL URLS URI ENDPOINT ORIGIN ORIGINS EMAIL EMAILS MAIL PHONE ADDRESS USER USERNAME LOGIN REGION ZONE PROFILE SENDER RECIPIENT CALLBACK",
);
/** Protection that nobody leaves off by copying a sample. */
const PROTECTION = /(?:^|_)(?:SECURE|SSL|TLS|HTTPS|VERIFY|STRICT|CSRF|AUTH)(?:_|$)/;
const OPENING = /(?:^|_)(?:SKIP|ALLOW|INSECURE|MOCK|FAKE|BYPASS|DISABLE|DEV|TEST|SEED)(?:_|$)/;
const ON = /^(?:true|yes|on|enabled|1)$/i;
const OFF = /^(?:false|no|off|disabled|0)$/i;
/** A choice that nobody makes where users are. */
const TRIAL = /^(?:sandbox|test|testing|dev|development|local|mock|fake|dummy|debug)$/i;
/** Where tools for developers take mail. */
const MAIL_CATCHER = /^(?:1025|2525)$/;

/**
 * Whether a value that stands in the repository, in its code or in a sample for developers, is right wherever the program runs: switches,
 * amounts, choices of the program, folders. Names of resources, hosts, accounts and addresses are not.
 */
export function carried(name: string, value: string): boolean {
  const upper = name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toUpperCase();
  const parts = upper.split(/[^A-Z\d]+/);
  const last = parts.at(-1) ?? "";
  const text = value.trim();
  if (SWITCH.test(text)) return isHarmless(upper, text);
  if (text === "" || /:\/\/|@|[\r\n]/.test(text) || TRIAL.test(text)) return false;
  if (OWN_NAME.test(upper)) return true;
  if (OWNED.has(last)) return false;
  if (PLACES.has(last)) return PATH.test(text);
  if (AMOUNT.test(text)) return isHarmless(upper, text) && !(last === "PORT" && MAIL_CATCHER.test(text));
  return parts.some((part) => CHOICES.has(part)) && CHOICE.test(text);
}

function isHarmless(name: string, value: string): boolean {
  return !(OFF.test(value) && PROTECTION.test(name)) && !(ON.test(value) && OPENING.test(name));
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
