/** Names that people write for a thing, and what it is called here. */
type Names = readonly (readonly [pattern: RegExp, name: string])[];

const named = (...rows: [words: string, name: string][]): Names =>
  rows.map(([words, name]) => [new RegExp(`(?<![\\w-])(?:${words})(?![\\w-])`, "i"), name]);

export const STORES = named(
  ["postgres(?:ql)?|postgis|timescale(?:db)?|cockroach(?:db)?|supabase", "postgres"],
  ["mysql|planetscale|aurora mysql", "mysql"],
  ["mariadb", "mariadb"],
  ["sqlite3?|libsql|turso", "sqlite"],
  ["mongo(?:db)?(?: atlas)?|documentdb", "mongodb"],
  ["redis|upstash|elasticache", "redis"],
  ["valkey", "valkey"],
  ["memcached?", "memcached"],
  ["elastic ?search", "elasticsearch"],
  ["opensearch", "opensearch"],
  ["rabbit ?mq|amqp", "rabbitmq"],
  ["(?:apache )?kafka|redpanda|msk", "kafka"],
  ["nats(?: jetstream)?", "nats"],
  ["(?:aws |amazon )?s3|object stor(?:e|age)|blob storage|cloudflare r2|gcs", "s3"],
  ["minio", "minio"],
  ["dynamo ?db", "dynamodb"],
  ["clickhouse", "clickhouse"],
  ["meilisearch", "meilisearch"],
  ["qdrant", "qdrant"],
  ["weaviate", "weaviate"],
  ["neo4j", "neo4j"],
  ["(?:apache )?cassandra|scylla(?:db)?", "cassandra"],
  ["sql server|mssql|azure sql", "sqlserver"],
  ["oracle(?: db| database)?", "oracle"],
  ["influx ?db", "influxdb"],
);

export const COMPLIANCE = named(
  ["gdpr|dsgvo|rgpd", "gdpr"],
  ["hipaa", "hipaa"],
  ["pci(?:[- ]?dss)?", "pci-dss"],
  ["soc ?2(?: type (?:i+|1|2))?", "soc2"],
  ["iso(?:/iec)?[ -]?27001", "iso27001"],
  ["ccpa|cpra", "ccpa"],
  ["fed ?ramp", "fedramp"],
  ["nis ?2", "nis2"],
  ["dora(?= regulation| compliance)", "dora"],
  ["bsi c5|c5", "c5"],
  ["ferpa", "ferpa"],
  ["lgpd", "lgpd"],
  ["hitrust", "hitrust"],
);

export const PLATFORMS = named(
  ["railway", "railway"],
  ["vercel", "vercel"],
  ["netlify", "netlify"],
  ["fly\\.io|fly", "fly"],
  ["render(?:\\.com)?", "render"],
  ["heroku", "heroku"],
  ["kubernetes|k8s|eks|gke|aks|openshift", "kubernetes"],
  ["ecs|fargate", "ecs"],
  ["cloud run", "cloud-run"],
  ["azure container apps", "azure-container-apps"],
  ["docker compose|compose", "compose"],
  [
    "(?:amazon web services|aws)(?! (?:s3|ses|sqs|sns|rds|ecs|eks|fargate|lambda|cognito|secrets|kms|cloudfront)\\b)",
    "aws",
  ],
  ["(?:google cloud(?: platform)?|gcp)(?! (?:run|storage|sql|pub|functions|kms)\\b)", "gcp"],
  [
    "(?:microsoft )?azure(?! (?:ad|active|blob|sql|entra|openai|devops|container|service bus|key vault|storage)\\b)",
    "azure",
  ],
  ["aws lambda|lambda|serverless", "serverless"],
);

export const LANGUAGES = named(
  ["typescript", "TypeScript"],
  ["javascript|node(?:\\.?js)?", "JavaScript"],
  ["python", "Python"],
  ["golang|go(?= \\d| service| backend| language|$)", "Go"],
  ["rust", "Rust"],
  ["java", "Java"],
  ["kotlin", "Kotlin"],
  ["ruby", "Ruby"],
  ["php", "PHP"],
  ["c#|\\.net(?: core)?|dotnet", "C#"],
  ["elixir", "Elixir"],
);

export const KINDS = named(
  ["single[- ]page(?: app(?:lication)?)?|spa", "spa"],
  ["static(?: web)?(?: site|website|page)s?|landing page|brochure site|documentation site", "static"],
  ["server[- ](?:side )?render(?:ed|ing)|ssr", "ssr"],
  [
    "(?:rest|graphql|http|json|web|grpc)[- ]?(?:ful)?[- ]?api|api(?: server| backend| service)?|(?:web|http|rest) ?services?|back[- ]?end|micro-?services?",
    "api",
  ],
  ["web ?(?:app(?:lication)?|site|shop|portal|store)|e-?commerce|marketplace|dashboard|portal|cms|saas", "web"],
  ["(?:background |queue |job )?workers?|consumer|queue processor|bot|daemon", "worker"],
  ["cron(?: jobs?)?|scheduled (?:job|task)s?|nightly (?:job|batch)", "cron"],
  ["batch(?: job| processing)?|etl|data pipeline", "job"],
  ["cli|command[- ]line(?: tool)?", "cli"],
  ["library|sdk|npm package", "library"],
);

export const SERVICES = named(
  ["stripe", "stripe"],
  ["paypal|braintree", "paypal"],
  ["adyen", "adyen"],
  ["mollie", "mollie"],
  ["klarna", "klarna"],
  ["sendgrid", "sendgrid"],
  ["mailgun", "mailgun"],
  ["postmark", "postmark"],
  ["resend", "resend"],
  ["amazon ses|aws ses|ses", "ses"],
  ["smtp", "smtp"],
  ["twilio", "twilio"],
  ["slack", "slack"],
  ["discord", "discord"],
  ["telegram", "telegram"],
  ["github", "github"],
  ["gitlab", "gitlab"],
  ["auth0", "auth0"],
  ["okta", "okta"],
  ["keycloak", "keycloak"],
  ["clerk", "clerk"],
  ["cognito", "cognito"],
  ["openai", "openai"],
  ["anthropic|claude", "anthropic"],
  ["google maps", "google-maps"],
  ["google analytics", "google-analytics"],
  ["sentry", "sentry"],
  ["datadog", "datadog"],
  ["segment", "segment"],
  ["algolia", "algolia"],
  ["salesforce", "salesforce"],
  ["hubspot", "hubspot"],
  ["shopify", "shopify"],
  ["zendesk", "zendesk"],
  ["cloudinary", "cloudinary"],
  ["firebase", "firebase"],
  ["azure ad|(?:microsoft )?entra(?: id)?", "azure-ad"],
  ["oidc|openid connect", "oidc"],
  ["google (?:sign[- ]?in|login|oauth)", "google-login"],
  ["prometheus", "prometheus"],
  ["grafana", "grafana"],
  ["ldap|active directory", "ldap"],
  ["saml", "saml"],
  ["opentelemetry", "opentelemetry"],
);

/** `… is not allowed`, `… must not be used`, `… is forbidden`. */
const REFUSED_BEHIND =
  /^\s*(?:(?:is|are|must|may|shall|should|can|will|do|does)\s*(?:not|never)\b|cannot\b|(?:is|are)\s+(?:forbidden|excluded|prohibited|ruled out|no option))/i;

/** The names of a list that a text has; what stands behind `no`, `without`, `not` is told apart. */
export function namesIn(text: string, names: Names): { wanted: string[]; refused: string[] } {
  const wanted: string[] = [];
  const refused: string[] = [];
  for (const [pattern, name] of names) {
    const at = pattern.exec(text)?.index;
    if (at === undefined) continue;
    const isRefused =
      /\b(?:no|not|without|never|avoid|don't|do not|must not|cannot|except|instead of|nor)\s+(?:(?:use|using|run|have|need|want|host|hosted|on|any|a|an|the|be|allowed|external|to)\s+)*$/i.test(
        text.slice(0, at),
      );
    const length = pattern.exec(text)?.[0].length ?? 0;
    (isRefused || isInRefusedList(text, at) || REFUSED_BEHIND.test(text.slice(at + length)) ? refused : wanted).push(
      name,
    );
  }
  return { wanted, refused };
}

/** `not on AWS, Azure or GCP`: all of the list. */
function isInRefusedList(text: string, at: number): boolean {
  const from = /\b(?:no|not|without|neither|never|avoid)\b[^.;:]*$/i.exec(text.slice(0, at))?.index;
  if (from === undefined) return false;
  const [clause = ""] = text.slice(from).split(/[.;:](?=\s|$)/);
  return /\b(?:or|nor)\b/i.test(clause) && !/\b(?:but|use|instead|only|prefer\w*|must|should|than)\b/i.test(clause);
}
