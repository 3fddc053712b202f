import { imageReference } from "./reference.ts";

/** What images put in front of a command: always, or where it begins with such a word. */
const ENTRYPOINTS: readonly { image: RegExp; words: readonly string[]; first?: RegExp }[] = [
  { image: /distroless\/nodejs|^chainguard\/node$/, words: ["node"], first: /^(?!(?:\S*\/)?node$)/ },
  { image: /distroless\/java(?!-base)/, words: ["java", "-jar"], first: /\.jar$/ },
  { image: /distroless\/python/, words: ["python3"], first: /^(?!(?:\S*\/)?python)/ },
  { image: /^chainguard\/python$/, words: ["python"], first: /^(?!(?:\S*\/)?python)/ },
  { image: /^denoland\/deno$/, words: ["deno"], first: /^(?:run|serve|task)$/ },
  { image: /^oven\/bun$/, words: ["bun"], first: /^run$|\.[cm]?[jt]s$/ },
  { image: /^(?:.*\/)?node$/, words: ["node"], first: /^[\w./-]+\.[cm]?js$/ },
];

/** The words of an exec form with what its image puts in front. */
export function withEntrypoint(image: string, words: readonly string[]): string[] {
  const path = imageReference(image)?.path ?? "";
  const [program = ""] = words;
  const found = ENTRYPOINTS.find((row) => row.image.test(path) && (row.first?.test(program) ?? true));
  return found ? [...found.words, ...words] : [...words];
}

/** Whether an image calls functions: its command names one, and starts nothing. */
export function callsFunctions(image: string): boolean {
  return /(?:^|\/)lambda\//.test(imageReference(image)?.path ?? "");
}

/** Whether an image runs PHP for a web server beside it. */
export function isFpm(image: string): boolean {
  const { path = "", tag = "" } = imageReference(image) ?? {};
  return /php/.test(path) && /fpm/.test(`${path}:${tag}`);
}

const PORTS: readonly { image: RegExp; tag?: RegExp; port: number }[] = [
  { image: /^dotnet\/aspnet$/, tag: /^(?:[8-9]|\d\d)\./, port: 8080 },
  { image: /^dotnet\/(?:core\/)?aspnet$/, port: 80 },
  { image: /^(?:.*\/)?php$/, tag: /apache/, port: 80 },
  { image: /^(?:.*\/)?tomcat$/, port: 8080 },
  { image: /^tiangolo\/(?:uvicorn|uwsgi|meinheld)-/, port: 80 },
];

/** The port of a server that an image brings itself. */
export function ownPort(image: string): number | undefined {
  const reference = imageReference(image);
  return (
    reference && PORTS.find((row) => row.image.test(reference.path) && (row.tag?.test(reference.tag) ?? true))?.port
  );
}
