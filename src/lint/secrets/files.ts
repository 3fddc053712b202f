import { baseOf, extensionOf } from "../../formats/tree.ts";

const LOCKFILES = new Set(
  "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock poetry.lock uv.lock pdm.lock Pipfile.lock Cargo.lock go.sum Gemfile.lock composer.lock mix.lock packages.lock.json gradle.lockfile flake.lock pubspec.lock Package.resolved Podfile.lock .terraform.lock.hcl".split(
    " ",
  ),
);
const UNREAD = new Set(
  "lock sum map svg csv tsv ipynb snap po pot xlf strings lcov log wasm png jpg jpeg gif webp ico pdf woff woff2 ttf otf eot mp3 mp4 zip gz tgz jar class so dylib dll exe bin parquet sqlite db dat asc sig gpg".split(
    " ",
  ),
);
const TESTS =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|__fixtures__|fixtures?|testdata|test[-_]data|mocks?|stubs|e2e|cypress|playwright|features|testing|vcr_cassettes|cassettes)(?:\/)|(?:^|\/)(?:test_|conftest|testing\.)[\w.-]*$|[._-](?:test|tests|spec|specs|mock|mocks|fixture|fixtures|stories)\.[\w.]+$|(?:^|\/)src\/(?:test|testFixtures|integrationTest)\/|Tests?\.(?:java|kt|cs|swift|php|scala)$|_test\.(?:go|py|rb|exs)$/i;
/** Files that were encrypted before they were committed. */
const SEALED =
  /^\$ANSIBLE_VAULT;|^-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----|\bENC\[AES256_GCM,|^\s*kind:\s*["']?SealedSecret\b|^\s*"?sops"?:\s*[{\n][\s\S]{0,4000}?"?mac"?:/m;
const MINIFIED_LINE = 5_000;

/** Whether a file of this name may hold a secret that people wrote: no lock file, no picture, nothing that a build made. */
export function mayHoldSecrets(path: string): boolean {
  return !LOCKFILES.has(baseOf(path)) && !UNREAD.has(extensionOf(path)) && !/\.min\.\w+$/.test(path);
}

/** Whether a file is of tests or examples of data, where made-up secrets belong. */
export function isFixture(path: string): boolean {
  return TESTS.test(path);
}

/** Whether what a file holds is encrypted. */
export function isSealed(text: string): boolean {
  return SEALED.test(text);
}

/** Whether a file was made by a program: a line of thousands of characters. */
export function isMinified(text: string): boolean {
  for (let at = 0, end = 0; end !== -1; at = end + 1) {
    end = text.indexOf("\n", at);
    if ((end === -1 ? text.length : end) - at > MINIFIED_LINE) return true;
  }
  return false;
}
