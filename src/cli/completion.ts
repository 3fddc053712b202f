import type { Command } from "commander";

/** One thing that can be typed after the program's name. */
interface Verb {
  name: string;
  description: string;
  /** Its own verbs or the words an argument can be. */
  words: string[];
  options: { short?: string; long: string; description: string; value: boolean; choices?: readonly string[] }[];
}

const NAME = "stationmaster";
const SHELLS = ["bash", "zsh", "fish"];

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
  const options = command.options.map(({ short, long, description, required, argChoices }) => ({
    short,
    long: long ?? "",
    description,
    value: required,
    choices: argChoices,
  }));
  const words = command.name() === "completion" ? SHELLS : command.commands.map((inner) => inner.name());
  return { name: command.name(), description: command.description(), words, options };
}

/** The first word that is a verb decides; where nothing fits the shell offers files. */
function bash(verbs: readonly Verb[], common: Verb["options"]): string {
  const names = (options: Verb["options"]) => options.map(({ long }) => long);
  const cases = verbs.map(
    ({ name, words, options }) => `      ${name}) words="${[...words, ...names(options)].join(" ")}"; break ;;`,
  );
  const values = verbs.flatMap(({ options }) =>
    options.flatMap(({ long, choices }) => (choices ? `    ${long}) words="${choices.join(" ")}" ;;` : [])),
  );
  return `_${NAME}() {
  local words="${[...verbs.map(({ name }) => name), ...names(common)].join(" ")}" word
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case $word in
${cases.join("\n")}
    esac
  done
  case \${COMP_WORDS[COMP_CWORD - 1]} in
${[...new Set(values)].join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${NAME} ${NAME}`;
}

function fish(verbs: readonly Verb[], common: Verb["options"]): string {
  const text = (words: string) => `'${words.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const option = ({ short, long, description, value, choices }: Verb["options"][number]) =>
    [
      ...(short ? ["-s", short.slice(1)] : []),
      "-l",
      long.slice(2),
      ...(value ? ["-r"] : []),
      ...(choices ? ["-f", "-a", text(choices.join(" "))] : []),
      "-d",
      text(description),
    ].join(" ");
  const lines = verbs.flatMap(({ name, description, words, options }) => {
    const after = `complete -c ${NAME} -n '__fish_seen_subcommand_from ${name}'`;
    const own = options.filter((item) => !common.includes(item));
    return [
      `complete -c ${NAME} -n __fish_use_subcommand -f -a ${name} -d ${text(description)}`,
      ...(words.length > 0 ? [`${after} -f -a ${text(words.join(" "))}`] : []),
      ...own.map((item) => `${after} ${option(item)}`),
    ];
  });
  return [...common.map((item) => `complete -c ${NAME} ${option(item)}`), ...lines].join("\n");
}
