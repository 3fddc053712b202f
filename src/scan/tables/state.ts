import { JVM, SCRIPT, type Sign } from "../signs.ts";

/** Folders whose names say that people's files are kept there. */
const KEPT =
  "(?:uploads?|uploaded|media|storage|data|files|attachments|avatars|images|public\\/(?:uploads?|images|files|media|avatars)|static\\/(?:uploads?|media|avatars)|wwwroot\\/(?:uploads?|images)|backups?|db|database|persist|\\.data)";
/** A literal path below such a folder, or the parts of one: `path.join(__dirname, "..", "uploads")`. */
const LITERAL = String.raw`["'\x60](?<path>(?:\.{0,2}\/)*(?:[\w-]+\/)?${KEPT}(?:\/[\w.-]+)*)\/?(?:["'\x60]|\/?\$?\{)`;
const JOINED = String.raw`path\.(?:join|resolve)\(\s*(?<base>__dirname|process\.cwd\(\)|import\.meta\.dirname)\s*,\s*(?<parts>(?:["'][^"'\n]+["']\s*,?\s*)+)`;
const PLACE = `(?:${JOINED}|${LITERAL})`;

const sign = (extensions: string, has: string, pattern: string, what: string, confidence = 0.85): Sign<string> => ({
  in: extensions,
  has,
  pattern: new RegExp(pattern, "g"),
  value: what,
  confidence,
});
/** Any literal path, for settings that can mean nothing else. */
const ANY = String.raw`["'\x60](?<path>[\w./-]+)["'\x60]`;

/** Where code writes what outlives a release. Groups: `path`, or `base` and `parts`. */
export const WRITES: readonly Sign<string>[] = [
  sign(SCRIPT, "multer", String.raw`\bmulter\(\s*\{\s*dest\s*:\s*(?:${JOINED}|${ANY})`, "uploads"),
  sign(SCRIPT, "diskStorage", String.raw`\bdestination\s*:\s*(?:${JOINED}|${ANY})`, "uploads"),
  sign(SCRIPT, "diskStorage", String.raw`\b(?:cb|callback|done|next)\(\s*null\s*,\s*${PLACE}`, "uploads"),
  sign(SCRIPT, "uploadDir", String.raw`\buploadDir\s*[:=]\s*(?:${JOINED}|${ANY})`, "uploads"),
  sign(SCRIPT, "File", String.raw`\b(?:writeFile|appendFile|outputFile)(?:Sync)?\(\s*${PLACE}`, "files", 0.7),
  sign(SCRIPT, "createWriteStream", String.raw`\bcreateWriteStream\(\s*${PLACE}`, "files", 0.7),
  sign(SCRIPT, "mkdir", String.raw`\bmkdir(?:Sync)?\(\s*${PLACE}`, "files", 0.7),
  sign(SCRIPT, "ensureDir", String.raw`\bensureDir(?:Sync)?\(\s*${PLACE}`, "files", 0.7),
  sign(SCRIPT, "Bun.write", String.raw`\bBun\.write\(\s*${PLACE}`, "files", 0.7),
  sign(SCRIPT, "JSONFile", String.raw`\bnew\s+JSONFile(?:Sync)?\s*(?:<[^>]*>)?\(\s*${ANY}`, "database"),
  sign(
    "py",
    "UPLOAD",
    String.raw`\b\w*UPLOAD\w*(?:DIR|FOLDER|PATH|ROOT)\w*["'\]]*\s*(?::\s*\w+\s*)?=\s*(?:Path\(\s*|os\.path\.join\([^,()]*,\s*)?${ANY}`,
    "uploads",
  ),
  sign("py", "open", String.raw`\bopen\(\s*f?${LITERAL}[^)]*,\s*["'][wa]b?\+?["']`, "files", 0.7),
  sign("py", "makedirs", String.raw`\bmakedirs\(\s*${LITERAL}`, "files", 0.7),
  sign("py", "PersistentClient", String.raw`\bPersistentClient\(\s*(?:path\s*=\s*)?${ANY}`, "database"),
  sign("go", "SaveUploadedFile", String.raw`\bSaveUploadedFile\(\s*\w+\s*,\s*${LITERAL}`, "uploads"),
  sign("go", "os.", String.raw`\bos\.(?:MkdirAll|Mkdir|Create|OpenFile|WriteFile)\(\s*${LITERAL}`, "files", 0.7),
  sign("go", "olt.Open", String.raw`\bb?bolt\.Open\(\s*${ANY}`, "database"),
  sign("go", "badger", String.raw`\bbadger\.DefaultOptions\(\s*${ANY}`, "database"),
  sign("rs", "sled", String.raw`\bsled::open\(\s*${ANY}`, "database"),
  sign("rs", "fs::", String.raw`\bfs::(?:create_dir_all|write)\(\s*(?:format!\(\s*)?${LITERAL}`, "files", 0.7),
  sign(JVM, "Paths.get", String.raw`\bPaths?\.(?:get|of)\(\s*${LITERAL}`, "files", 0.7),
  sign("php", "move_uploaded_file", String.raw`\bmove_uploaded_file\([^;]*?${LITERAL}`, "uploads"),
  sign("cs", "WebRootPath", String.raw`\bPath\.Combine\(\s*\w*\.?\w*WebRootPath\s*,\s*"(?<web>[\w/-]+)"`, "uploads"),
  sign("rb", "storage :file", String.raw`\bstorage\s+:file\b`, "uploads", 0.8),
  sign("ex exs", "File.", String.raw`\bFile\.(?:cp!?|write!?|mkdir_p!?)\([^)\n]*?${LITERAL}`, "files", 0.7),
];

/** Databases in files, as they are opened. Only where SQLite is what the application uses. */
export const SQLITE_FILES: readonly Sign<string>[] = [
  sign(SCRIPT, "Database", String.raw`\bnew\s+(?:\w+\.)?Database(?:Sync)?\s*\(\s*(?:${JOINED}|${ANY})`, "database"),
  sign(SCRIPT, "sqlite", String.raw`\b(?:filename|storage)\s*:\s*(?:${JOINED}|${ANY})`, "database"),
  sign(SCRIPT, "sqlite", String.raw`\bdatabase\s*:\s*["'](?<path>[\w./-]+\.(?:db|sqlite3?))["']`, "database"),
  sign("py", "sqlite", String.raw`["']sqlite(?:\+\w+)?:\/\/\/(?<path>\/?[\w./-]+\.\w+)`, "database"),
  sign("py", "sqlite3", String.raw`\bsqlite3\.connect\(\s*${ANY}`, "database"),
  sign(
    "py",
    "sqlite3",
    String.raw`["']NAME["']\s*:\s*(?:os\.path\.join\(\s*BASE_DIR\s*,\s*|BASE_DIR\s*\/\s*|str\(\s*BASE_DIR\s*\/\s*)["'](?<path>[\w./-]+)["']`,
    "database",
  ),
  sign(
    "go",
    "sqlite",
    String.raw`\b(?:Open|Connect|MustConnect)\(\s*(?:"sqlite3?"\s*,\s*)?(?:sqlite\.Open\(\s*)?"(?:file:)?(?<path>[\w./-]+\.(?:db|sqlite3?))`,
    "database",
  ),
  sign("rs", "sqlite", String.raw`"sqlite:(?:\/\/)?(?<path>[\w./-]+\.\w+)`, "database"),
  sign("rs", "Connection", String.raw`\bConnection::open\(\s*${ANY}`, "database"),
  sign("cs", "Data Source", String.raw`"[^"\n]{0,80}?\bData Source=(?<path>[\w./-]+\.\w+)`, "database"),
  sign("php", "sqlite:", String.raw`["']sqlite:(?<path>[\w./-]+)`, "database"),
  sign(
    "ex exs",
    "database:",
    String.raw`\bdatabase:\s*(?:System\.get_env\([^)]*\)\s*\|\|\s*)?"(?<path>[\w./-]+\.db)"`,
    "database",
  ),
  sign(JVM, "sqlite", String.raw`"jdbc:sqlite:(?<path>[\w./-]+)`, "database"),
];
