import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import { at, dockerfileOf } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule, RuleContext } from "../../rule.ts";
import { isSecretName } from "../../secrets/names.ts";
import { scanSecrets } from "../../secrets/scan.ts";
import { isPlaceholder, isReference } from "../../secrets/value.ts";

/** Files that hold nothing but secrets, by the names that their programs look for. */
const SECRET_FILE =
  /(?:^|\/)(?:\.env(?:\.(?:local|prod|production))?|id_(?:rsa|ed25519|ecdsa|dsa)|\.netrc|\.git-credentials|\.pypirc|credentials\.json|service-?account(?:-key)?\.json|\.docker\/config\.json|\.aws(?:\/credentials)?\/?|\.ssh\/?|\.vault-token|secrets?\.(?:json|ya?ml|env))$/;
/** Settings that may hold a token beside others. */
const MAY_HOLD =
  /(?:^|\/)(?:\.?npmrc|\.yarnrc(?:\.yml)?|pip\.conf|nuget\.config|settings\.xml|auth\.json|\.?config\.json|gradle\.properties|\.condarc)$/i;
/** Keys that anybody may read: of signatures, of pages. */
const OPEN_KEY = /(?:^|_)(?:GPG|PGP|PUB|PUBLIC|SIGNING_PUBLIC)_?KEYS?$|^KEY$/i;

/** SM09 */
export const secrets: Rule = {
  id: "SM09",
  title: "no secret in ARG, ENV or a layer",
  help: "ARG and ENV are kept in the image, where everybody who pulls it can read them. Use RUN --mount=type=secret while building, and the platform's secrets while running.",
  severity: "error",
  cis: "docker 4.10",
  origins: ["DL3064"],
  kinds: ["dockerfile"],
  check(file, context) {
    const { stages, args } = dockerfileOf(file);
    const last = stages.length - 1;
    return [
      ...args.map((instruction) => ({ instruction, index: -1 })),
      ...stages.flatMap(({ instructions, index }) => instructions.map((instruction) => ({ instruction, index }))),
    ].flatMap(({ instruction, index }) => [
      ...variables(file, instruction, index === last),
      ...copied(file, instruction, context),
    ]);
  },
};

function variables(file: LintFile, { keyword, pairs }: DockerfileInstruction, final: boolean): Complaint[] {
  if (keyword !== "ARG" && keyword !== "ENV") return [];
  return pairs.flatMap(({ name, value, line }) => {
    if (!isSecretName(name) || OPEN_KEY.test(name) || /^(?:true|false|yes|no|on|off|\d{1,6})$/i.test(value ?? ""))
      return [];
    const where = { line, endLine: line };
    if (keyword === "ARG" && !value)
      return [
        at(
          file,
          where,
          `${name} comes as an argument, which the image keeps: take it by RUN --mount=type=secret,id=${name.toLowerCase()}`,
        ),
      ];
    // `ENV TOKEN=$TOKEN` writes the argument into the image.
    if (value && isReference(value))
      return keyword === "ENV" && /^["']?\$\{?\w+\}?["']?$/.test(value)
        ? [at(file, where, `${name} is written into the image: take it by RUN --mount=type=secret, or when it runs`)]
        : [];
    if (!value) return [];
    // What a build asks for and nobody uses; in the image that runs it is a known password.
    if (!isPlaceholder(value))
      return [at(file, where, `${name} has a value that everybody who has the image can read: give it when it runs`)];
    return final && keyword === "ENV"
      ? [
          at(file, where, `${name} has a value that everybody knows, unless it is replaced: leave it out`, {
            severity: "warning",
          }),
        ]
      : [];
  });
}

function copied(
  file: LintFile,
  { keyword, words, flags, heredocs, line, endLine }: DockerfileInstruction,
  { tree }: RuleContext,
): Complaint[] {
  if ((keyword !== "COPY" && keyword !== "ADD") || heredocs.length > 0 || flags.some(({ name }) => name === "from"))
    return [];
  return words.slice(0, -1).flatMap((word) => {
    const source = word.replace(/^["']|["']$/g, "").replace(/^\.?\//, "");
    const settings = MAY_HOLD.test(source);
    if (!SECRET_FILE.test(source) && !settings) return [];
    // Settings of a page build (`.env.production`) are often no secrets: then what it holds decides.
    const path = [folderOf(file.path), "."]
      .map((folder) => joinPath(folder, source))
      .find((candidate) => candidate && tree.has(candidate));
    if (settings && (!path || scanSecrets(path, tree.text(path) ?? "").length === 0)) return [];
    if (path && baseOf(path).startsWith(".env") && !holdsSecrets(tree.text(path) ?? "")) return [];
    const severity = path || !baseOf(source).startsWith(".env") ? "error" : "warning";
    return [
      at(
        file,
        { line, endLine },
        `${source} becomes a layer of the image, and what it holds with it: mount it as a secret`,
        { severity },
      ),
    ];
  });
}

function holdsSecrets(text: string): boolean {
  return text.split("\n").some((line) => {
    const [, name = "", value = ""] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    return value.trim() !== "" && isSecretName(name) && !isReference(value);
  });
}
