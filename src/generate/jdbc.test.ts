import { expect, test } from "vitest";
import { memoryTree } from "../formats/tree.ts";
import { jdbcVariables } from "./jdbc.ts";

const YAML = "src/main/resources/application.yml";
const PROPERTIES = "src/main/resources/application.properties";

test.each<[string, string, string, string[]]>([
  ["Spring, YAML", YAML, "spring:\n  datasource:\n    url: ${DB_URL}\n    username: ${DB_USER}\n", ["DB_URL"]],
  [
    "with a default",
    YAML,
    "spring:\n  datasource:\n    url: ${DATABASE_URL:jdbc:postgresql://localhost/shop}\n",
    ["DATABASE_URL"],
  ],
  ["Spring, properties", PROPERTIES, "spring.datasource.url=${DB_URL}\n", ["DB_URL"]],
  ["Quarkus", PROPERTIES, "quarkus.datasource.jdbc.url=${JDBC}\n", ["JDBC"]],
  ["Micronaut", YAML, "datasources:\n  default:\n    url: ${ORDERS_DB}\n", ["ORDERS_DB"]],
  [
    "Ktor",
    "src/main/resources/application.conf",
    "ktor {\n  database {\n    jdbcUrl = ${?DB_URL}\n  }\n}\n",
    ["DB_URL"],
  ],
  ["R2DBC takes another form", YAML, "spring:\n  r2dbc:\n    url: ${DB_URL}\n", []],
  [
    "no database",
    YAML,
    "spring:\n  data:\n    redis:\n      url: ${REDIS_URL}\nshop:\n  mail:\n    url: ${MAIL_URL}\n",
    [],
  ],
  ["a comment", PROPERTIES, "# spring.datasource.url=${DB_URL}\n", []],
  ["a call", "src/main/java/Db.java", 'var c = DriverManager.getConnection(System.getenv("DB_URL"));\n', ["DB_URL"]],
  ["an address taken apart", "src/main/java/Db.java", 'var uri = new URI(System.getenv("DATABASE_URL"));\n', []],
])("%s", (_, file, text, expected) => expect([...jdbcVariables(memoryTree({ [file]: text }), ".")]).toEqual(expected));
