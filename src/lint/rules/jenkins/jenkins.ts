import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";
import { isSecretName } from "../../secrets/names.ts";
import { isPlaceholder } from "../../secrets/value.ts";
import { allBlocks, type GroovyFile, readGroovy } from "./groovy.ts";

/** SM31 */
export const jenkins: Rule = {
  id: "SM31",
  title: "declarative pipelines with limits, and secrets that reach no command line",
  help: "Groovy writes a secret into the command before Jenkins can hide it: `sh` with double quotes puts it into the log and the list of processes.",
  severity: "warning",
  origins: [],
  kinds: ["jenkinsfile"],
  check(file) {
    const groovy = readGroovy(file.text);
    const pipeline = groovy.blocks.find(({ name }) => name === "pipeline");
    return [
      ...(pipeline ? options(file, groovy) : scripted(file, groovy)),
      ...interpolated(file, groovy),
      ...literals(file, groovy),
    ];
  },
};

function scripted(file: LintFile, { blocks }: GroovyFile): Complaint[] {
  const node = blocks.find(({ name }) => name === "node");
  const message = "a scripted pipeline is checked by nobody before it runs: write it as `pipeline { … }`";
  return node ? [{ ...file.placeAt(node.start), message, severity: "note" }] : [];
}

const OPTIONS: readonly (readonly [name: string, why: string])[] = [
  ["timeout", "`timeout(time: 30, unit: 'MINUTES')`"],
  ["disableConcurrentBuilds", "`disableConcurrentBuilds()`"],
  ["buildDiscarder", "`buildDiscarder(logRotator(numToKeepStr: '20'))`"],
];

function options(file: LintFile, { blocks, bare }: GroovyFile): Complaint[] {
  const given = allBlocks(blocks, "options")
    .map(({ inner, end }) => bare.slice(inner, end))
    .join("\n");
  // Limits may stand around single steps, and the rest among the properties of the job.
  const anywhere = (name: string) =>
    new RegExp(`\\b${name}\\s*\\(`).test(name === "timeout" ? bare : given) ||
    new RegExp(`\\bproperties\\b[\\s\\S]*\\b${name}\\b`).test(bare);
  const missing = OPTIONS.filter(([name]) => !anywhere(name)).map(([, how]) => how);
  const pipeline = blocks.find(({ name }) => name === "pipeline");
  if (missing.length === 0 || !pipeline) return [];
  const own = pipeline.blocks.find(({ name }) => name === "options");
  return [{ ...file.placeAt((own ?? pipeline).start), message: `add to \`options { }\`: ${missing.join(", ")}` }];
}

const SHELLS =
  /\b(?:sh|bat|powershell|pwsh)\b[\s(]*(?:(?:script|label|returnStdout|returnStatus|encoding)\s*:\s*[^,"']*,?\s*)*$/;

/** Variables that hold credentials, in texts that Groovy fills in before the shell sees them. */
function interpolated(file: LintFile, groovy: GroovyFile): Complaint[] {
  const secrets = secretVariables(file.text, groovy);
  if (secrets.length === 0) return [];
  const use = new RegExp(
    `(?<!\\\\)\\$(?:\\{\\s*(?:env\\.|params\\.)?(${secrets.join("|")})\\s*\\}|(?:env\\.)?(${secrets.join("|")})\\b)`,
  );
  return groovy.strings.flatMap(({ start, text, interpolates }) => {
    const found = interpolates ? use.exec(text) : null;
    const before = groovy.bare.slice(Math.max(0, start - 200), start);
    const line = before.slice(before.lastIndexOf("\n", before.length - 2) + 1);
    if (!found || !(SHELLS.test(before) || /\b(?:sh|bat|powershell|pwsh)\b[^;]*script\s*:\s*$/.test(line))) return [];
    const name = found[1] ?? found[2];
    const message = `Groovy writes the secret ${name} into this command: use single quotes, so that the shell reads $${name} itself`;
    return [{ ...file.placeAt(start), message, severity: "error" as const }];
  });
}

function secretVariables(text: string, { blocks, bare }: GroovyFile): string[] {
  const names = new Set<string>();
  for (const block of allBlocks(blocks, "environment"))
    for (const [, name = ""] of bare.slice(block.inner, block.end).matchAll(/\b([A-Za-z_]\w*)\s*=\s*credentials\s*\(/g))
      for (const suffix of ["", "_USR", "_PSW"]) names.add(name + suffix);
  for (const block of allBlocks(blocks, "withCredentials"))
    for (const [, name = ""] of block.argument.matchAll(
      /\b(?:variable|passwordVariable|usernameVariable|tokenVariable|secretKeyVariable|passphraseVariable)\s*:\s*['"](\w+)['"]/g,
    ))
      names.add(name);
  for (const [, name = ""] of text.matchAll(/\bpassword\s*\(?\s*name\s*:\s*['"](\w+)['"]/g)) names.add(name);
  // A user name is no secret.
  return [...names].filter((name) => !/(?:^|_)(?:USR|USER|USERNAME)$/i.test(name));
}

/** Secrets written into `environment { }`. */
function literals(file: LintFile, { blocks, strings }: GroovyFile): Complaint[] {
  return allBlocks(blocks, "environment").flatMap(({ inner, end }) =>
    strings
      .filter(({ start }) => start > inner && start < end)
      .flatMap(({ start, text }) => {
        const name = /\b([A-Za-z_]\w*)\s*=\s*$/.exec(file.text.slice(Math.max(inner, start - 100), start))?.[1];
        if (name === undefined || !isSecretName(name) || isPlaceholder(text)) return [];
        return [
          {
            ...file.placeAt(start),
            message: `${name} stands here in plain text: use \`credentials('…')\`, and change it`,
            severity: "error" as const,
          },
        ];
      }),
  );
}
