import { isIn, type Tree } from "../formats/tree.ts";

const SETTINGS =
  /(?:^|\/)(?:application|bootstrap|microprofile-config|config|hikari|persistence)[\w-]*\.(?:ya?ml|properties|conf|toml|xml)$/;
const CODE = /\.(?:java|kt|kts|scala|groovy|clj)$/;
/** `spring.datasource.url: ${DB_URL}`, `jdbcUrl = ${?DB_URL}`. */
const PROPERTY = /^[^#\n]*?\b([\w.-]*?(?:jdbc-?)?url)["']?\s*[:=>]\s*["']?\$\{\??([A-Za-z_]\w*)/gim;
/** `DriverManager.getConnection(System.getenv("DB_URL"))`. */
const CALL =
  /\b(?:getConnection|setJdbcUrl|jdbcUrl|setUrl|dataSource|connect)\s*(?:=\s*|\(\s*(?:url\s*=\s*)?)System\.getenv\(?\s*[("[]+([A-Za-z_]\w*)"/g;

/** Variables that programs of the JVM hand to JDBC as they are: `jdbc:postgresql://host/name`, not `postgresql://`. */
export function jdbcVariables(tree: Tree, path: string): Set<string> {
  const texts = (pattern: RegExp) =>
    tree.paths
      .filter((file) => isIn(file, path) && pattern.test(file) && !/(?:^|\/)src\/(?:\w+Test|test)\//.test(file))
      .map((file) => tree.text(file) ?? "");
  const settings = texts(SETTINGS).flatMap((text) =>
    [...text.matchAll(PROPERTY)].filter((match) => isJdbc(text, match)),
  );
  const calls = texts(CODE).flatMap((text) => [...text.matchAll(CALL)]);
  return new Set([...settings.map(([, , name = ""]) => name), ...calls.map(([, name = ""]) => name)]);
}

/** By its own key, or by the keys above it in a file of YAML. */
function isJdbc(text: string, { index, 0: line, 1: key = "" }: RegExpExecArray): boolean {
  if (/r2dbc|redis|mongo|amqp|rabbit|server|client|issuer|jwk/i.test(key)) return false;
  if (/jdbc|datasource|database|flyway|liquibase|db\.|hikari/i.test(key)) return true;
  const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  const above = text.slice(0, index).split("\n").reverse();
  const parents: string[] = [];
  let least = indent;
  for (const one of above) {
    const depth = /^([ \t]*)[\w."-]+\s*[:={]/.exec(one)?.[1]?.length;
    if (depth === undefined || depth >= least) continue;
    parents.push(one);
    least = depth;
  }
  const over = parents.join(" ");
  return /datasource|jdbc|flyway|liquibase|hikari|database/i.test(over) && !/r2dbc/i.test(over);
}
