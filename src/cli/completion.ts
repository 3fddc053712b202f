import type { Command } from "commander";
import type { NameKind } from "./known-names.ts";

/** One thing that can be typed after the program's name. */
interface Verb {
  name: string;
  description: string;
  /** Its own verbs or the words an argument can be. */
  words: string[];
  /** What exists in the application that an argument can be. */
  kinds: NameKind[];
  options: {
    short?: string;
    long: string;
    description: string;
    value: boolean;
    choices?: readonly string[];
    kind?: NameKind;
  }[];
}

const NAME = "stationmaster";
const SHELLS = ["bash", "zsh", "fish"];
/** What arguments and values of options are called, and what they name. */
const KINDS: Readonly<Record<string, NameKind>> = {
  incident: "incidents",
  check: "checks",
  service: "services",
  silence: "silences",
  channel: "channels",
};

/** The script that teaches a shell the verbs and options; undefined for a shell that is not known. */
export function completionScript(program: Command, shell: string): string | undefined {
  const help = { long: "--help", description: "show the help", value: false };
  const common = [...verbOf(program).options.filter(({ long }) => long !== "--version"), help];
  const verbs = program.commands.map((command) => {
    const verb = verbOf(command);
    return { ...verb, options: [...verb.options, ...common] };
  });
  if (shell === "fish") return fish(verbs, common);
  if (shell === "bash") return bash(verbs, common);
  // zsh understands bash's script once it was told to.
  if (shell === "zsh") return `autoload -Uz compinit bashcompinit\ncompinit\nbashcompinit\n${bash(verbs, common)}`;
  return undefined;
}

function verbOf(command: Command): Verb {
  const shown = command.options.filter(({ hidden }) => !hidden);
  const options = shown.map(({ short, long, description, required, argChoices }) => {
    const kind = KINDS[long?.slice(2) ?? ""];
    return {
      short,
      long: long ?? "",
      description,
      value: required,
      choices: argChoices,
      ...(required && kind && { kind }),
    };
  });
  const words = command.name() === "completion" ? SHELLS : command.commands.map((inner) => inner.name());
  return { name: command.name(), description: command.description(), words, kinds: [...kindsOf(command)], options };
}

/** What the arguments of a command and of its own verbs name. */
function kindsOf(command: Command): Set<NameKind> {
  const named = command.registeredArguments.flatMap((argument) => argument.name().split("|"));
  const own = named.flatMap((name) => KINDS[name] ?? []);
  return new Set([...own, ...command.commands.flatMap((inner) => [...kindsOf(inner)])]);
}

/** The first word that is a verb decides; where nothing fits the shell offers files. The daemon is asked for names, in the place that was typed. */
function bash(verbs: readonly Verb[], common: Verb["options"]): string {
  const names = (options: Verb["options"]) => options.map(({ long }) => long);
  const cases = verbs.map(({ name, words, kinds, options }) => {
    const fixed = `words="${[...words, ...names(options)].join(" ")}"`;
    return `      ${name}) ${fixed}; kinds="${kinds.join(" ")}"; break ;;`;
  });
  const values = verbs.flatMap(({ options }) =>
    options.flatMap(({ long, value, choices, kind }) => {
      if (choices) return `    ${long}) words="${choices.join(" ")}"; kinds= ;;`;
      if (kind) return `    ${long}) words=; kinds=${kind} ;;`;
      return value ? `    ${long}) kinds= ;;` : [];
    }),
  );
  return `_${NAME}() {
  local words="${[...verbs.map(({ name }) => name), ...names(common)].join(" ")}" kinds= word place=() index kind
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case $word in
${cases.join("\n")}
    esac
  done
  for ((index = 1; index < COMP_CWORD - 1; index++)); do
    case \${COMP_WORDS[index]} in --config | --state | --env) place+=("\${COMP_WORDS[@]:index:2}") ;; esac
  done
  case \${COMP_WORDS[COMP_CWORD - 1]} in
${[...new Set(values)].join("\n")}
  esac
  case \${COMP_WORDS[COMP_CWORD]} in -*) kinds= ;; esac
  for kind in $kinds; do
    words+=" $("\${COMP_WORDS[0]}" completion bash "\${place[@]}" --names "$kind" --like "\${COMP_WORDS[COMP_CWORD]}" 2>/dev/null)"
  done
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${NAME} ${NAME}`;
}

function fish(verbs: readonly Verb[], common: Verb["options"]): string {
  const text = (words: string) => `'${words.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const known = (kind: NameKind) => `(${NAME} completion fish --names ${kind} --like (commandline -ct) 2>/dev/null)`;
  const option = ({ short, long, description, value, choices, kind }: Verb["options"][number]) =>
    [
      ...(short ? ["-s", short.slice(1)] : []),
      "-l",
      long.slice(2),
      ...(value ? ["-r"] : []),
      ...(choices ? ["-f", "-a", text(choices.join(" "))] : []),
      ...(kind ? ["-f", "-a", text(known(kind))] : []),
      "-d",
      text(description),
    ].join(" ");
  const lines = verbs.flatMap(({ name, description, words, kinds, options }) => {
    const after = `complete -c ${NAME} -n '__fish_seen_subcommand_from ${name}'`;
    const own = options.filter((item) => !common.includes(item));
    return [
      `complete -c ${NAME} -n __fish_use_subcommand -f -a ${name} -d ${text(description)}`,
      ...(words.length > 0 ? [`${after} -f -a ${text(words.join(" "))}`] : []),
      ...kinds.map((kind) => `${after} -f -a ${text(known(kind))}`),
      ...own.map((item) => `${after} ${option(item)}`),
    ];
  });
  return [...common.map((item) => `complete -c ${NAME} ${option(item)}`), ...lines].join("\n");
}
