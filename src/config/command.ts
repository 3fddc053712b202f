const SHELL_SYNTAX = /^(?:\||\|\||&&|&|;|>|>>|<|2>|2>&1)$/;

/** Splits a command line into argv. Quotes group words; anything that needs a shell is an error that says so. */
export function splitCommand(line: string): { argv: string[] } | { error: string } {
  const argv: string[] = [];
  let word = "";
  let started = false;
  let quote: string | undefined;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (quote) {
      if (char === quote) quote = undefined;
      else if (char === "\\" && quote === '"' && i + 1 < line.length) word += line.charAt(++i);
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      started = true;
    } else if (char === "\\" && i + 1 < line.length) {
      word += line.charAt(++i);
      started = true;
    } else if (/\s/.test(char)) {
      if (started) argv.push(word);
      word = "";
      started = false;
    } else {
      word += char;
      started = true;
    }
  }
  if (quote) return { error: `the quote ${quote} is not closed` };
  if (started) argv.push(word);
  if (argv.length === 0) return { error: "the command is empty" };
  const shell = argv.find((item) => SHELL_SYNTAX.test(item)) ?? /\$\(|`/.exec(line)?.[0];
  if (shell) return { error: `"${shell}" needs a shell and none is used; put the line into a script and start that` };
  return { argv };
}
