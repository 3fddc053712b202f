import { baseOf, extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { type Hit, searchCode } from "../../search.ts";

const EXTENSIONS = ["java", "kt", "groovy", "scala"];
const LANGUAGES: Record<string, string> = { java: "Java", kt: "Kotlin", groovy: "Groovy", scala: "Scala" };
const SPRING =
  /@(?:[\w.]+\.)?SpringBootApplication\b|\bSpringApplication\s*\.\s*(?:run|from)\b|\bnew\s+SpringApplication(?:Builder)?\s*\(|\brunApplication\s*</g;
const MAIN =
  /\bstatic\s+(?:final\s+)?void\s+main\s*\(|\bfun\s+main\s*\(|\bdef\s+main\s*\(|\bextends\s+App\b|@main\b|^[^\S\n]*(?:public\s+)?void\s+main\s*\(/gm;

/** The code of a project that is built into it: tests and scripts of the build are left out. */
export function jvmSources({ sources, unit }: View): string[] {
  const inside = (path: string) => (unit.path === "." ? path : path.slice(unit.path.length + 1));
  return sources.filter(
    (path) =>
      EXTENSIONS.includes(extensionOf(path)) &&
      !/^(?:buildSrc|build-logic)\/|(?:^|\/)src\/\w*[tT]est\w*\//.test(inside(path)),
  );
}

/** The language with the most code of the project. */
export function mainLanguage(view: View, sources: readonly string[]): { language: string; file: string } | undefined {
  const bytes = Map.groupBy(sources, extensionOf);
  const size = (files: readonly string[]) => files.reduce((sum, file) => sum + view.snapshot.size(file), 0);
  const [first] = [...bytes].sort(([, a], [, b]) => size(b) - size(a));
  return first && { language: LANGUAGES[first[0]] ?? "Java", file: first[1][0] as string };
}

/** Where a program begins, and the name of its class. */
export interface MainClass {
  hit: Hit;
  /** Whether Spring Boot runs it. */
  spring: boolean;
  name: string;
}

/** The class with the main method; that of Spring before others. */
export function mainClass(view: View, sources: readonly string[]): MainClass | undefined {
  const spring = searchCode(view, SPRING, { files: sources, of: "bare" })[0];
  const hit = spring ?? searchCode(view, MAIN, { files: sources, of: "bare" })[0];
  if (!hit) return undefined;
  const code = view.snapshot.code(hit.file)?.bare ?? "";
  const space = /^[^\S\n]*package\s+([\w.]+)/m.exec(code)?.[1];
  const [base = "", ending] = baseOf(hit.file).split(".");
  const name = ending === "kt" && /^fun\s+main\b/m.test(code) ? `${base}Kt` : base;
  return { hit, spring: spring !== undefined, name: space ? `${space}.${name}` : name };
}
