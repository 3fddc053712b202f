import type { Evidence } from "../fact.ts";
import { searchCode } from "../search.ts";
import { factValues } from "../services.ts";
import type { GapRule } from "./rule.ts";
import { evidenceAt, type GapSite } from "./site.ts";

interface Words {
  in: string;
  pattern: RegExp;
  /** Words that take it back when they stand anywhere in the code. */
  unless?: RegExp;
}

/** Login state that lives in one process. */
const SESSIONS: readonly Words[] = [
  {
    in: "js mjs cjs ts mts",
    pattern: /(?:from|require\()\s*["']express-session["']/g,
    unless:
      /\bstore\s*[:,]|connect-(?:redis|mongo|pg-simple|session-\w+|memcached|dynamodb)|new\s+\w*(?:Store|SessionStore)\b/g,
  },
  { in: "go", pattern: /\b(?:memstore\.NewStore|sessions\.NewFilesystemStore)\s*\(/g },
  {
    in: "cs",
    pattern: /\.AddDistributedMemoryCache\s*\(/g,
    unless: /AddStackExchangeRedisCache|AddDistributedSqlServerCache/g,
  },
  { in: "py", pattern: /\bSESSION_TYPE["'\]]*\s*=\s*["'](?:filesystem|cachelib)["']/g },
  { in: "php", pattern: /\bsession_start\s*\(/g, unless: /session_set_save_handler|session\.save_handler/g },
];
/** Files of users that lie on the disk of one instance. */
const UPLOADS: readonly Words[] = [
  { in: "js mjs cjs ts mts", pattern: /\bmulter\s*\(\s*\{[^{}]*\bdest\s*:|\bmulter\.diskStorage\s*\(/g },
  {
    in: "py",
    pattern: /^[ \t]*(?:app\.config\[["'])?(?:UPLOAD_FOLDER|MEDIA_ROOT)(?:["']\])?\s*=/gm,
    unless: /storages\.backends|STORAGES?\b[^=]*=[^\n]*(?:s3|gcloud|azure)/gi,
  },
  { in: "rb", pattern: /^[ \t]*config\.active_storage\.service\s*=\s*:local\b/gm },
  { in: "go", pattern: /\bc\.SaveUploadedFile\s*\(/g },
  { in: "php", pattern: /\bmove_uploaded_file\s*\(/g },
];

/** State that a second instance, or the next release, does not have. */
export const STATE: readonly GapRule[] = [
  {
    id: "memory-sessions",
    title: "login state lives in the process",
    why: "A release signs everybody out, and with two instances each knows half of the users.",
    find(site) {
      const evidence = seen(site, SESSIONS, "session");
      const text = site.language === "JavaScript" || site.language === "TypeScript" ? EXPRESS_STORE : undefined;
      return (
        evidence && { evidence: [evidence], patch: text === undefined ? undefined : { file: evidence.file, text } }
      );
    },
  },
  {
    id: "local-uploads",
    title: "files of users lie on the local disk",
    why: "The disk of an instance is gone with the next release, and other instances never had it.",
    find(site) {
      const [state] = factValues(site.service, "state").filter(({ value }) =>
        /upload|media|file|attachment/i.test(`${value.what} ${value.path}`),
      );
      const evidence = state?.fact.evidence[0] ?? seen(site, UPLOADS, "upload");
      return evidence && { evidence: [evidence] };
    },
  },
];

const EXPRESS_STORE = `// npm install connect-redis redis
import { RedisStore } from "connect-redis";
import { createClient } from "redis";

const redis = createClient({ url: process.env.REDIS_URL });
await redis.connect();
app.use(session({ store: new RedisStore({ client: redis }), secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }));
`;

function seen(site: GapSite, table: readonly Words[], rule: string): Evidence | undefined {
  for (const { in: endings, pattern, unless } of table) {
    const extensions = endings.split(" ");
    const [hit] = searchCode(site, pattern, { extensions });
    if (hit && (unless === undefined || searchCode(site, unless, { extensions }).length === 0))
      return evidenceAt(site.snapshot, hit.file, hit.place.line, rule);
  }
  return undefined;
}
