import { baseOf } from "../formats/tree.ts";

/** Folders whose files say nothing of the application itself. */
const ASIDE =
  /(?:^|\/)(?:tests?|__tests__|spec|specs|e2e|cypress|playwright|fixtures?|__fixtures__|__mocks__|mocks|examples?|samples?|demos?|docs?|documentation|benchmarks?|bench|stories|\.storybook|\.github|\.gitlab|\.circleci|\.vscode|\.devcontainer|third[_-]party|vendored?|testdata|test-data)(?:\/|$)/i;
const TEST_FILE =
  /(?:[._-](?:test|tests|spec|stories|story|e2e|cy)\.[cm]?[jt]sx?$)|(?:_test\.(?:go|py|exs?|rb)$)|(?:^test_[^/]*\.py$)|(?:^conftest\.py$)|(?:Tests?\.(?:java|kt|cs|scala)$)|(?:_spec\.rb$)|(?:_test\.exs$)|(?:Test\.php$)/;
const TOOL_FILE = /^(?:[\w.-]+\.config|gulpfile|gruntfile|jest\.setup|vitest\.setup|karma\.conf)\.[cm]?[jt]s$/i;
const MADE =
  /\.min\.(?:js|css)$|\.d\.[cm]?ts$|\.map$|\.bundle\.js$|_pb2(?:_grpc)?\.py$|\.pb\.go$|\.g\.dart$|\.designer\.cs$/i;

/** Whether a folder holds examples, tests or documents: alone it never makes a service. */
export function isAside(folder: string): boolean {
  return ASIDE.test(folder);
}

/** Whether a file is code that runs in production, as its path tells; `unit` is the folder of the unit, `models` lets examples pass. */
export function isApplicationCode(path: string, unit: string, { models = false } = {}): boolean {
  const inside = unit === "." ? path : path.slice(unit.length + 1);
  const base = baseOf(path);
  const folder = inside.slice(0, Math.max(0, inside.length - base.length - 1));
  // Packages of the JVM are folders too: com/example/demo is no example.
  const named = folder.replace(/(?:^|\/)src\/main\/(?:java|kotlin|scala|groovy)\/.*$/, "");
  const aside = models ? named.replace(/(^|\/)(?:demos?|examples?|samples?)(?=\/|$)/gi, "$1model") : named;
  return !(ASIDE.test(aside) || TEST_FILE.test(base) || TOOL_FILE.test(base) || MADE.test(base));
}
