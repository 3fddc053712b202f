import type { Ecosystem } from "../../declared/dependency.ts";
import { JVM, SCRIPT, type Sign } from "../../signs.ts";

interface Logging {
  library: string;
  json: boolean;
}
const log = (library: string, json: boolean): Logging => ({ library, json });

/** Words that settle how a library writes; the first that is seen counts. */
export const WRITERS: readonly Sign<Logging>[] = [
  {
    in: SCRIPT,
    has: "pino",
    pattern: /(?:from|require\()\s*["'](?:pino|pino-http|nestjs-pino)["']/g,
    value: log("pino", true),
  },
  {
    in: SCRIPT,
    has: "winston",
    pattern: /\bformat\.json\s*\(|\bjson\s*\(\s*\)[\s\S]{0,200}\btransports\b/g,
    value: log("winston", true),
    of: "bare",
  },
  {
    in: SCRIPT,
    has: "winston",
    pattern: /\bformat\.(?:simple|printf|prettyPrint|cli)\s*\(/g,
    value: log("winston", false),
    of: "bare",
  },
  {
    in: SCRIPT,
    has: "winston",
    pattern: /\bcreateLogger\s*\(/g,
    value: log("winston", true),
    confidence: 0.7,
    of: "bare",
  },
  { in: SCRIPT, has: "bunyan", pattern: /\bbunyan\.createLogger\s*\(/g, value: log("bunyan", true), of: "bare" },
  {
    in: SCRIPT,
    has: "astify",
    pattern: /\b[fF]astify\s*\(\s*\{[^{}]*\blogger\s*:\s*(?!false\b)/g,
    value: log("pino", true),
    of: "bare",
  },
  {
    in: SCRIPT,
    has: "ConsoleLogger",
    pattern: /\bnew\s+ConsoleLogger\s*\(\s*\{[^{}]*\bjson\s*:\s*true/g,
    value: log("nestjs", true),
    of: "bare",
  },
  { in: SCRIPT, has: "log4js", pattern: /\blog4js\.configure\s*\(/g, value: log("log4js", false), of: "bare" },
  { in: SCRIPT, has: "consola", pattern: /(?:from|require\()\s*["']consola["']/g, value: log("consola", false) },
  { in: SCRIPT, has: "morgan", pattern: /\bmorgan\s*\(/g, value: log("morgan", false), of: "bare" },
  { in: "py", has: "JSONRenderer", pattern: /\bJSONRenderer\s*\(/g, value: log("structlog", true), of: "bare" },
  {
    in: "py",
    has: "structlog",
    pattern: /\bstructlog\.(?:configure|get_logger)\s*\(/g,
    value: log("structlog", false),
    confidence: 0.7,
    of: "bare",
  },
  {
    in: "py",
    has: "jsonlogger",
    pattern: /\bpythonjsonlogger\b|\bjsonlogger\.JsonFormatter\b/g,
    value: log("python-json-logger", true),
  },
  {
    in: "py",
    has: "JsonFormatter",
    pattern: /\bJson(?:Log)?Formatter\b|\bJSONFormatter\b/g,
    value: log("logging", true),
  },
  {
    in: "py",
    has: "loguru",
    pattern: /\.add\s*\([^)]*\bserialize\s*=\s*True/g,
    value: log("loguru", true),
    of: "bare",
  },
  { in: "py", has: "loguru", pattern: /\bfrom\s+loguru\s+import\b/g, value: log("loguru", false), of: "bare" },
  {
    in: "py",
    has: "logging",
    pattern: /\blogging\.(?:basicConfig|config\.\w+|getLogger)\s*\(|^[ \t]*LOGGING\s*=/gm,
    value: log("logging", false),
    of: "bare",
  },
  {
    in: "go",
    has: "go.uber.org/zap",
    pattern: /\bzap\.(?:NewProduction|Must\(zap\.NewProduction)\b|\bNewJSONEncoder\b/g,
    value: log("zap", true),
    of: "bare",
  },
  {
    in: "go",
    has: "go.uber.org/zap",
    pattern: /\bzap\.(?:NewDevelopment|NewExample)\b|\bNewConsoleEncoder\b/g,
    value: log("zap", false),
    of: "bare",
  },
  { in: "go", has: "slog", pattern: /\bslog\.NewJSONHandler\s*\(/g, value: log("slog", true), of: "bare" },
  {
    in: "go",
    has: "zerolog",
    pattern: /\bzerolog\.New\s*\(\s*(?!zerolog\.ConsoleWriter)/g,
    value: log("zerolog", true),
    of: "bare",
  },
  {
    in: "go",
    has: "zerolog",
    pattern: /\bzerolog\.(?:ConsoleWriter|NewConsoleWriter)\b/g,
    value: log("zerolog", false),
    of: "bare",
  },
  { in: "go", has: "rs/zerolog/log", pattern: /"github\.com\/rs\/zerolog\/log"/g, value: log("zerolog", true) },
  { in: "go", has: "logrus", pattern: /\blogrus\.JSONFormatter\b/g, value: log("logrus", true), of: "bare" },
  { in: "go", has: "logrus", pattern: /"github\.com\/sirupsen\/logrus"/g, value: log("logrus", false) },
  {
    in: "go",
    has: "slog",
    pattern: /\bslog\.(?:NewTextHandler|Info|Error|Warn|Debug)\s*\(/g,
    value: log("slog", false),
    of: "bare",
  },
  { in: "go", has: '"log"', pattern: /^[ \t]*(?:import\s+)?"log"\s*$/gm, value: log("log", false) },
  { in: "rs", has: "tracing_subscriber", pattern: /\.json\s*\(\s*\)/g, value: log("tracing", true), of: "bare" },
  { in: "rs", has: "tracing_subscriber", pattern: /\btracing_subscriber::/g, value: log("tracing", false), of: "bare" },
  { in: "rs", has: "env_logger", pattern: /\benv_logger::/g, value: log("env_logger", false), of: "bare" },
  {
    in: "cs fs",
    has: "AddJsonConsole",
    pattern: /\.AddJsonConsole\s*\(/g,
    value: log("microsoft-logging", true),
    of: "bare",
  },
  {
    in: "cs fs",
    has: "Serilog",
    pattern: /\bnew\s+(?:Rendered)?(?:Compact)?JsonFormatter\b|\bExpressionTemplate\b/g,
    value: log("serilog", true),
    of: "bare",
  },
  {
    in: "cs fs",
    has: "Serilog",
    pattern: /\.UseSerilog\s*\(|\bLoggerConfiguration\s*\(/g,
    value: log("serilog", false),
    confidence: 0.7,
    of: "bare",
  },
  {
    in: "rb",
    has: "lograge",
    pattern: /\bLograge::Formatters::(?:Json|Logstash)\b/g,
    value: log("lograge", true),
    of: "bare",
  },
  { in: "rb", has: "SemanticLogger", pattern: /\bformatter:\s*:json\b/g, value: log("semantic-logger", true) },
  {
    in: "rb",
    has: "ActiveSupport::TaggedLogging",
    pattern: /\bconfig\.logger\s*=/g,
    value: log("rails", false),
    of: "bare",
  },
  { in: "php", has: "JsonFormatter", pattern: /\bJsonFormatter\b/g, value: log("monolog", true), of: "bare" },
  { in: "ex exs", has: "LoggerJSON", pattern: /\bLoggerJSON\b/g, value: log("logger_json", true), of: "bare" },
  { in: JVM, has: "KtorSimpleLogger", pattern: /\bKtorSimpleLogger\b/g, value: log("slf4j", false), of: "bare" },
];

/** What the configuration of loggers says, in files that are no code. */
export const LOG_FILES: readonly { file: RegExp; pattern: RegExp; value: Logging }[] = [
  {
    file: /(?:^|\/)logback(?:-spring)?\.xml$/,
    pattern: /LogstashEncoder|JsonEncoder|JsonLayout|EcsEncoder|StructuredLogEncoder/,
    value: log("logback", true),
  },
  { file: /(?:^|\/)logback(?:-spring)?\.xml$/, pattern: /<encoder|<pattern/, value: log("logback", false) },
  {
    file: /(?:^|\/)log4j2(?:-spring)?\.(?:xml|ya?ml|json|properties)$/,
    pattern: /JsonTemplateLayout|JsonLayout|EcsLayout/,
    value: log("log4j2", true),
  },
  {
    file: /(?:^|\/)log4j2(?:-spring)?\.(?:xml|ya?ml|json|properties)$/,
    pattern: /PatternLayout/,
    value: log("log4j2", false),
  },
  {
    file: /(?:^|\/)application[\w-]*\.(?:properties|ya?ml)$/,
    pattern: /logging\.structured\.format\.console|^[ \t]*structured:[ \t]*$/m,
    value: log("spring-boot", true),
  },
  {
    file: /(?:^|\/)appsettings(?:\.Production)?\.json$/,
    pattern: /CompactJsonFormatter|JsonFormatter|"FormatterName"\s*:\s*"json"/,
    value: log("serilog", true),
  },
  { file: /(?:^|\/)nlog\.config$/i, pattern: /JsonLayout/, value: log("nlog", true) },
  {
    file: /(?:^|\/)monolog\.ya?ml$/,
    pattern: /formatter:\s*['"]?monolog\.formatter\.json/,
    value: log("monolog", true),
  },
];

/** Packages that write JSON by being there. */
export const JSON_LOGGERS: readonly { ecosystem: Ecosystem; name: string; library: string }[] = [
  { ecosystem: "maven", name: "io.quarkus:quarkus-logging-json", library: "quarkus-logging-json" },
  { ecosystem: "maven", name: "net.logstash.logback:logstash-logback-encoder", library: "logback" },
  { ecosystem: "npm", name: "nestjs-pino", library: "pino" },
  { ecosystem: "pypi", name: "django-structlog", library: "structlog" },
];
