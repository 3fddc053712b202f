import { execFileSync } from "node:child_process";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { startCommand } from "../../test/lab/command.ts";
import { completionScript } from "./completion.ts";
import { buildProgram } from "./program.ts";

const program = buildProgram();
const all = (command: Command): Command[] => [command, ...command.commands.flatMap((inner) => all(inner))];

test("without a verb there is help and nothing else", async () => {
  for (const args of [[], ["audit"]]) {
    const { code, stdout, stderr } = await startCommand(args).done;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: stationmaster[\s\S]*Example/);
  }
});

test.each([
  [["statsu"], "unknown command 'statsu'; did you mean status?"],
  [["deploy", "--stategy", "canary"], "unknown option '--stategy'; did you mean --strategy?"],
  [["logs"], "missing required argument 'service'; see stationmaster logs --help"],
  [["audit", "lst"], "unknown command 'lst'; did you mean list?"],
  [["logs", "api", "-n", "many"], '--lines takes a whole number from 0 to 5000, not "many"; correct the number'],
  [["audit", "list", "-n", "0"], '--lines takes a whole number from 1 to 1000, not "0"; correct the number'],
  [["completion", "tcsh"], 'there is no completion for "tcsh"; bash, zsh or fish'],
  [
    ["generate", "--target", "nope"],
    "option '--target <platform>' argument 'nope' is invalid. Allowed choices are compose, railway, vercel, kubernetes, aws, gcp, azure; see stationmaster generate --help",
  ],
  [["scan", ""], "the folder has an empty name; a variable may be unset; `.` is the folder here"],
  [["generate", ""], "the folder has an empty name; a variable may be unset; `.` is the folder here"],
  [
    ["generate", "examples/shop", "--out", ""],
    "the folder of --out has an empty name; a variable may be unset; `.` is the folder here",
  ],
])("%j is wrong usage, in one line", async (args, says) => {
  const [plain, json] = await Promise.all([startCommand(args).done, startCommand([...args, "--json"]).done]);
  expect(plain).toMatchObject({ code: 2, stdout: "", stderr: `error SM-USAGE: ${says}\n` });
  expect(json).toMatchObject({ code: 2, stdout: "" });
  expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: "SM-USAGE", exitCode: 2 } });
});

test("the help of each command has an example that begins as one types it", () => {
  for (const command of all(program)) {
    let help = "";
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    expect(help, command.name()).toMatch(/Examples?:\n {2}.*stationmaster/);
  }
});

test.each([
  ["sta", ["status", "status-page"]],
  ["deploy --st", ["--strategy", "--state"]],
  ["--config m.yaml log", ["logs"]],
  ["logs --rel", ["--release"]],
  ["deploy --strategy can", ["canary", "canary-30m"]],
  ["audit v", ["verify"]],
  ["completion ", ["bash", "zsh", "fish", "--help", "--config", "--state", "--env", "--json", "--verbose"]],
  ["status nothing", []],
  ["ack ", ["inc-1", "inc-2", "--note", "--help", "--config", "--state", "--env", "--json", "--verbose"]],
  ["incidents close inc-", ["inc-1", "inc-2"]],
  ["checks --service ", ["api", "web"]],
  ["--state /s checks --service ", ["there"]],
  ["ack --note inc", []],
  ["generate --check a", []],
])("bash, which was told of it, completes %j", (typed, expected) => {
  const script = `${completionScript(program, "bash")}
stationmaster() {
  case "$*" in
    "completion bash --names incidents --like "*) echo inc-1 inc-2 ;;
    "completion bash --names services --like "*) echo api web ;;
    "completion bash --state /s --names services --like "*) echo there ;;
  esac
}
COMP_WORDS=(stationmaster "$@"); COMP_CWORD=$#; complete -p stationmaster >/dev/null && _stationmaster; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync("bash", ["-c", script, "bash", ...typed.split(" ")], { encoding: "utf8" });
  expect(said.split("\n").filter(Boolean).sort()).toEqual([...expected].sort());
});

test("each shell is told each verb", () => {
  for (const shell of ["bash", "zsh", "fish"])
    for (const { name } of program.commands.map((command) => ({ name: command.name() })))
      expect(completionScript(program, shell)).toContain(name);
});
