/** Databases with tables: an application mostly has one of them. */
export const RELATIONAL: ReadonlySet<string> = new Set([
  "postgres",
  "mysql",
  "mariadb",
  "sqlite",
  "sqlserver",
  "oracle",
]);

/** Schemes of addresses, and what answers there. */
const SCHEMES: Record<string, string> = {
  postgres: "postgres",
  postgresql: "postgres",
  pgsql: "postgres",
  postgis: "postgres",
  psql: "postgres",
  cockroachdb: "postgres",
  timescaledb: "postgres",
  mysql: "mysql",
  mysql2: "mysql",
  mariadb: "mariadb",
  sqlite: "sqlite",
  sqlite3: "sqlite",
  mongodb: "mongodb",
  "mongodb+srv": "mongodb",
  redis: "redis",
  rediss: "redis",
  valkey: "valkey",
  amqp: "rabbitmq",
  amqps: "rabbitmq",
  pyamqp: "rabbitmq",
  kafka: "kafka",
  nats: "nats",
  memcached: "memcached",
  clickhouse: "clickhouse",
  neo4j: "neo4j",
  "neo4j+s": "neo4j",
  bolt: "neo4j",
  cassandra: "cassandra",
  sqlserver: "sqlserver",
  mssql: "sqlserver",
  oracle: "oracle",
  influxdb: "influxdb",
};

/** Names of drivers, dialects and engines in configurations of mappers. */
const DRIVERS: Record<string, string> = {
  pg: "postgres",
  pgx: "postgres",
  cloudsqlpostgres: "postgres",
  pgnative: "postgres",
  "aurora-postgres": "postgres",
  pdo_pgsql: "postgres",
  "aurora-mysql": "mysql",
  pdo_mysql: "mysql",
  mysqli: "mysql",
  trilogy: "mysql",
  "better-sqlite3": "sqlite",
  "better-sqlite": "sqlite",
  pdo_sqlite: "sqlite",
  libsql: "sqlite",
  mongo: "mongodb",
  tedious: "sqlserver",
  sqlsrv: "sqlserver",
  pdo_sqlsrv: "sqlserver",
  oracledb: "oracle",
  oci8: "oracle",
  oracle_enhanced: "oracle",
  godror: "oracle",
};

/** The store that a scheme of an address means: `postgresql+asyncpg`, `jdbc:mysql`, `rediss`; undefined for others. */
export function storeOfScheme(scheme: string): string | undefined {
  const bare = scheme.toLowerCase().replace(/^(?:jdbc|r2dbc|vertx-reactive):/, "");
  const whole = Object.hasOwn(SCHEMES, bare) ? SCHEMES[bare] : undefined;
  const first = bare.split(/[+:]/)[0] ?? "";
  return whole ?? (Object.hasOwn(SCHEMES, first) ? SCHEMES[first] : undefined);
}

/** The store that a driver, dialect or engine talks to; undefined for others. */
export function storeOfDriver(name: string): string | undefined {
  const bare = name.toLowerCase();
  return (Object.hasOwn(DRIVERS, bare) ? DRIVERS[bare] : undefined) ?? storeOfScheme(bare);
}

const SUFFIX = "(?:URL|URI|DSN|CONNECTION|CONNECTION_STRING|CONN_STRING|CONNECTION_URL|CONNECTION_URI|CONN_STR)";
const named = (words: string, suffix = SUFFIX) => new RegExp(`^(?:\\w+_)?(?:${words})(?:_\\w+)?_?${suffix}$`);

/** Names of variables that hold the address of a store of its own name. */
const ADDRESSES: Record<string, RegExp> = {
  postgres: named("POSTGRES(?:QL)?|PG(?:SQL)?|TIMESCALE(?:DB)?|NEON"),
  mysql: named("MYSQL|JAWSDB|CLEARDB"),
  mariadb: named("MARIADB|MYSQL"),
  sqlite: named("SQLITE", "(?:URL|URI|PATH|FILE|DB|DATABASE)"),
  mongodb: named("MONGO(?:DB|HQ|LAB)?"),
  redis: named("REDIS(?:CLOUD|TOGO|GREEN)?|KV"),
  valkey: named("VALKEY|REDIS"),
  elasticsearch: named("ELASTIC(?:SEARCH)?|ES|BONSAI", "(?:URL|URI|NODE|NODES|HOSTS|ENDPOINT)"),
  opensearch: named("OPENSEARCH", "(?:URL|URI|NODE|NODES|HOSTS|ENDPOINT)"),
  rabbitmq: named("RABBIT(?:MQ)?|AMQP|CLOUDAMQP"),
  kafka: named("KAFKA|REDPANDA", "(?:BROKERS?|BOOTSTRAP_SERVERS?|URL|URI|HOSTS|SERVERS?|BROKER_LIST|BROKER_URL)"),
  nats: named("NATS", "(?:URL|URI|SERVERS?)"),
  s3: named("S3|AWS_S3|AWS", "(?:ENDPOINT|ENDPOINT_URL|ENDPOINT_URL_S3)"),
  minio: named("MINIO|S3", "(?:URL|ENDPOINT|ENDPOINT_URL)"),
  memcached: named("MEMCACHED?|MEMCACHE|MEMCACHIER", "(?:URL|SERVERS?|URI)"),
  dynamodb: named("DYNAMO(?:DB)?", "(?:URL|ENDPOINT|ENDPOINT_URL)"),
  clickhouse: named("CLICKHOUSE", "(?:URL|URI|DSN)"),
  meilisearch: named("MEILI(?:SEARCH)?", "(?:URL|HOST|ADDR|ENDPOINT)"),
  qdrant: named("QDRANT", "(?:URL|URI|ENDPOINT)"),
  weaviate: named("WEAVIATE", "(?:URL|ENDPOINT)"),
  neo4j: named("NEO4J|GRAPHENEDB", "(?:URL|URI|BOLT_URL)"),
  cassandra: named("CASSANDRA|SCYLLA", "(?:CONTACT_POINTS|HOSTS|NODES|URL)"),
  sqlserver: named("MSSQL|SQL_?SERVER"),
  oracle: named("ORACLE(?:_DB)?"),
  influxdb: named("INFLUX(?:DB)?", "(?:URL|URI)"),
};
/** Names that do not say which database. */
const ANY_DATABASE =
  /^(?:\w+_)?(?:DATABASE|DB|SQL)_?(?:URL|URI|DSN|CONNECTION_STRING|CONNECTION_URL|CONNECTION_URI|CONN_STRING|CONN_STR|SOURCE)$|^(?:SQLALCHEMY_DATABASE_URI|JDBC_DATABASE_URL|GOOSE_DBSTRING|ConnectionStrings__\w+)$/;
/** Addresses for other purposes than that of the running application. */
const ASIDE_ADDRESS =
  /(?:^|_)(?:TEST|TESTS|TESTING|SHADOW|DIRECT|UNPOOLED|NON_POOLING|REPLICA|READ|READONLY|MIGRATION|DEV|CI)(?:_|$)/;

/** Whether a variable of this name holds the address of that store. */
export function holdsAddress(name: string, kind: string): boolean {
  return ADDRESSES[kind]?.test(name) ?? false;
}

/** Whether a variable of this name holds the address of some database. */
export function holdsAnyAddress(name: string): boolean {
  return ANY_DATABASE.test(name);
}

/** Whether a variable of this name is none that a running application connects with. */
export function isAsideAddress(name: string): boolean {
  return ASIDE_ADDRESS.test(name);
}

/** Code and settings that show a store without an import: `kind`, and how it is written. Strings are part of the code. */
export const STORE_USES: readonly { kind: string; extensions: string; pattern: RegExp }[] = [
  {
    kind: "postgres",
    extensions: "py",
    pattern: /["']django\.(?:db|contrib\.gis\.db)\.backends\.(?:postgresql\w*|postgis)["']/g,
  },
  { kind: "mysql", extensions: "py", pattern: /["']django\.(?:db|contrib\.gis\.db)\.backends\.mysql["']/g },
  {
    kind: "sqlite",
    extensions: "py",
    pattern: /["']django\.(?:db\.backends\.sqlite3|contrib\.gis\.db\.backends\.spatialite)["']/g,
  },
  { kind: "oracle", extensions: "py", pattern: /["']django\.db\.backends\.oracle["']/g },
  { kind: "sqlserver", extensions: "py", pattern: /["']ENGINE["']\s*:\s*["'](?:mssql|sql_server\.pyodbc)["']/g },
  {
    kind: "redis",
    extensions: "py",
    pattern: /["'](?:django_redis\.|channels_redis\.|redis_cache\.|django\.core\.cache\.backends\.redis\.)/g,
  },
  { kind: "memcached", extensions: "py", pattern: /["']django\.core\.cache\.backends\.memcached\./g },
  {
    kind: "s3",
    extensions: "py",
    pattern:
      /["']storages\.backends\.s3\w*\.|\bboto3\.(?:client|resource)\(\s*["']s3["']|\.(?:client|resource)\(\s*(?:service_name\s*=\s*)?["']s3["']/g,
  },
  { kind: "dynamodb", extensions: "py", pattern: /\.(?:client|resource)\(\s*["']dynamodb["']/g },
  { kind: "sqlite", extensions: "py", pattern: /\bsqlite3\.connect\(\s*(?!["']:memory:)/g },
  { kind: "s3", extensions: "js mjs cjs ts mts tsx", pattern: /\bnew\s+(?:AWS|aws)\.S3\(/g },
  { kind: "dynamodb", extensions: "js mjs cjs ts mts tsx", pattern: /\bnew\s+(?:AWS|aws)\.DynamoDB\b/g },
  {
    kind: "redis",
    extensions: "rb",
    pattern: /\bcache_store\s*=\s*:redis_(?:cache_)?store|\bqueue_adapter\s*=\s*:(?:sidekiq|resque)\b/g,
  },
  { kind: "memcached", extensions: "rb", pattern: /\bcache_store\s*=\s*:(?:mem_cache_store|dalli_store)/g },
  { kind: "s3", extensions: "rb", pattern: /\bstorage\s*=?\s*:(?:fog|aws)\b|\bAws::S3::/g },
  {
    kind: "mysql",
    extensions: "php",
    pattern: /\bmysqli_connect\s*\(|\bnew\s+\\?mysqli\s*\(|["']mysql:(?:host|dbname|unix_socket)=|\bmysql:host=/g,
  },
  { kind: "postgres", extensions: "php", pattern: /\bpg_connect\s*\(|["']pgsql:(?:host|dbname)=/g },
  { kind: "sqlite", extensions: "php", pattern: /\bnew\s+\\?SQLite3\s*\(|["']sqlite:(?!:memory:)/g },
  { kind: "sqlserver", extensions: "php", pattern: /\bsqlsrv_connect\s*\(|["']sqlsrv:/g },
  { kind: "redis", extensions: "php", pattern: /\bnew\s+\\?Redis\s*\(|\bnew\s+\\?Predis\\Client/g },
  { kind: "memcached", extensions: "php", pattern: /\bnew\s+\\?Memcached?\s*\(/g },
  { kind: "postgres", extensions: "cs fs", pattern: /\.(?:UseNpgsql|AddNpgsql\w*|UsePostgreSql\w*)\s*(?:<[^>]*>)?\(/g },
  { kind: "mysql", extensions: "cs fs", pattern: /\.(?:UseMySql|UseMySQL|AddMySqlDataSource)\s*\(/g },
  {
    kind: "sqlserver",
    extensions: "cs fs",
    pattern: /\.(?:UseSqlServer|UseSqlServerStorage|AddSqlServer\w*)\s*(?:<[^>]*>)?\(/g,
  },
  { kind: "sqlite", extensions: "cs fs", pattern: /\.(?:UseSqlite|AddSqlite)\s*(?:<[^>]*>)?\(/g },
  { kind: "oracle", extensions: "cs fs", pattern: /\.UseOracle\s*\(/g },
  {
    kind: "redis",
    extensions: "cs fs",
    pattern: /\.(?:AddStackExchangeRedis\w*|AddRedis\w*|UseRedisStorage)\s*\(|\bConnectionMultiplexer\.Connect/g,
  },
  { kind: "rabbitmq", extensions: "cs fs", pattern: /\.(?:UsingRabbitMq|AddRabbitMQ\w*|UseRabbitMQ)\s*\(/g },
  { kind: "mongodb", extensions: "cs fs", pattern: /\bnew\s+MongoClient\s*\(/g },
  { kind: "postgres", extensions: "ex exs", pattern: /\bEcto\.Adapters\.Postgres\b/g },
  { kind: "mysql", extensions: "ex exs", pattern: /\bEcto\.Adapters\.MyXQL\b/g },
  { kind: "sqlite", extensions: "ex exs", pattern: /\bEcto\.Adapters\.SQLite3\b/g },
  { kind: "sqlserver", extensions: "ex exs", pattern: /\bEcto\.Adapters\.Tds\b/g },
  { kind: "clickhouse", extensions: "ex exs", pattern: /\bEcto\.Adapters\.ClickHouse\b/g },
  {
    kind: "postgres",
    extensions: "rs",
    pattern: /\b(?:PgPool|PgPoolOptions|PgConnection|AsyncPgConnection|PgConnectOptions|tokio_postgres::)/g,
  },
  {
    kind: "mysql",
    extensions: "rs",
    pattern: /\b(?:MySqlPool|MySqlPoolOptions|MysqlConnection|AsyncMysqlConnection|MySqlConnection)\b/g,
  },
  {
    kind: "sqlite",
    extensions: "rs",
    pattern: /\b(?:SqlitePool|SqlitePoolOptions|SqliteConnection|SqliteConnectOptions)\b/g,
  },
  { kind: "postgres", extensions: "kt java", pattern: /\borg\.postgresql\.Driver\b/g },
  { kind: "mysql", extensions: "kt java", pattern: /\bcom\.mysql\.(?:cj\.)?jdbc\.Driver\b/g },
];
