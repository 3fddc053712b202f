import type { EnvironmentVariable } from "./fact.ts";

/** Set by the machine, the container or the platform: nobody has to give them. */
const PROVIDED = new Set(
  (
    "PORT NODE_ENV CI HOME PATH PWD OLDPWD USER USERNAME LOGNAME SHELL HOSTNAME TERM TMPDIR TEMP TMP TZ LANG LC_ALL NO_COLOR FORCE_COLOR " +
    "DYNO RENDER VERCEL NETLIFY CF_PAGES K_SERVICE K_REVISION K_CONFIGURATION CLOUD_RUN_JOB CLOUD_RUN_TASK_INDEX FUNCTION_TARGET " +
    "AWS_EXECUTION_ENV NEXT_RUNTIME NEXT_PHASE DENO_DEPLOYMENT_ID DENO_REGION SOURCE_VERSION GITLAB_CI CIRCLECI TRAVIS BUILDKITE " +
    "CODEBUILD_BUILD_ID JENKINS_URL GITHUB_ACTIONS GITHUB_SHA GITHUB_REF GITHUB_REF_NAME GITHUB_RUN_ID GITHUB_RUN_NUMBER " +
    "GITHUB_REPOSITORY GITHUB_WORKSPACE GITHUB_OUTPUT GITHUB_ENV GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_ACTOR INVOCATION_ID " +
    "JOURNAL_STREAM NOTIFY_SOCKET VITEST JEST_WORKER_ID BUNDLE_GEMFILE"
  ).split(" "),
);
const PROVIDED_PREFIX =
  /^(?:RAILWAY|VERCEL|RENDER|FLY|HEROKU|NETLIFY|CF_PAGES|CI|GAE|AWS_LAMBDA|ECS_CONTAINER|KUBERNETES|WEBSITE|CIRCLE|BITBUCKET|COOLIFY|CONTAINER_APP|npm|CARGO)_/;

/** Compiled into what browsers load, so everyone can read them. */
const PUBLIC_PREFIX =
  /^(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|SNOWPACK_PUBLIC|PUBLIC|VITE|REACT_APP|VUE_APP|NG_APP|PREACT_APP|GATSBY|GRIDSOME|STORYBOOK)_/;

/** Words that make a name a secret wherever they stand. */
const SECRET_WORDS = new Set(
  "SECRET SECRETS PASSWORD PASSWD PASSPHRASE PASSCODE APIKEY CREDENTIAL CREDENTIALS CREDS".split(" "),
);
/** Words that make it one at its end. */
const SECRET_ENDS = new Set(
  "TOKEN KEY KEYS PASS PWD PW PAT PSK SALT PEPPER DSN HMAC BEARER SEED MNEMONIC JWT AUTHTOKEN".split(" "),
);
/** Words at the end that tell of a property of a secret: how long it lives, where it lies, which one it is. */
const HARMLESS_ENDS = new Set(
  (
    "ID NAME FILE PATH DIR ARN TTL EXPIRY EXPIRE EXPIRES EXPIRATION LIFETIME DURATION IN AGE DAYS HOURS MINUTES SECONDS LENGTH SIZE MIN " +
    "MAX LIMIT ENABLED DISABLED REQUIRED TYPE FORMAT ALGORITHM ISSUER AUDIENCE HEADER PREFIX SUFFIX ROUNDS COST HOST PORT URL URI " +
    "ENDPOINT MODE VERSION REGION MANAGER PROVIDER COUNT USER USERNAME EMAIL FIELD PARALLELISM"
  ).split(" "),
);
/** A key that may be known, or that locks nothing. */
const OPEN_KEY =
  /(?:^|_)(?:PUBLIC|PUBLISHABLE|SITE|CACHE|PARTITION|SORT|PRIMARY|FOREIGN|ROUTING|INDEX|GROUP|HOT|SHORTCUT)_?KEYS?$/;
/** Addresses that carry a user and a password. */
const CREDENTIAL_ADDRESS =
  /(?:^|_)(?:DATABASE|DB|SQL|POSTGRES\w*|PG|PGSQL|NEON|MYSQL|MARIADB|MSSQL|MONGO\w*|REDIS\w*|VALKEY|KEYDB|RABBIT(?:MQ)?|AMQP|CLOUDAMQP|BROKER|ELASTICSEARCH|OPENSEARCH|CLICKHOUSE|JDBC|SMTP|MAILER|CLOUDINARY|JAWSDB|CLEARDB)(?:_[A-Z]+)*_?(?:URL|URI|DSN)$/;
const CONNECTION = /CONNECTION_?STRINGS?(?:_|$)|(?:^|_)(?:SLACK|DISCORD|TEAMS)_WEBHOOK(?:_URL)?$/;

/** What else is known of a variable. */
interface VariableUse {
  phase?: EnvironmentVariable["phase"];
  required?: boolean;
  /** A sample or the fallback of the code; dropped where the variable is a secret. */
  default?: string | null;
}

/** A variable of the environment, its class told by its name. Public ones are taken at the build, the others at the run. */
export function environmentVariable(name: string, use: VariableUse = {}): EnvironmentVariable {
  const kind = classOf(name);
  return {
    name,
    class: kind,
    phase: use.phase ?? (kind === "public" ? "build" : "run"),
    required: use.required ?? true,
    default: kind === "secret" ? null : (use.default ?? null),
  };
}

function classOf(name: string): EnvironmentVariable["class"] {
  if (PROVIDED.has(name)) return "provided";
  if (PUBLIC_PREFIX.test(name)) return "public";
  if (isSecret(name)) return "secret";
  return PROVIDED_PREFIX.test(name) ? "provided" : "config";
}

function isSecret(name: string): boolean {
  const upper = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[.-]/g, "_")
    .toUpperCase();
  if (CREDENTIAL_ADDRESS.test(upper) || CONNECTION.test(upper)) return true;
  const words = upper.split("_").filter((word) => word !== "" && !/^\d+$/.test(word));
  const end = words.at(-1) ?? "";
  if (HARMLESS_ENDS.has(end) || OPEN_KEY.test(upper)) return false;
  return SECRET_ENDS.has(end) || words.some((word) => SECRET_WORDS.has(word));
}
