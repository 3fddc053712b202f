/** Needs no quotes in any shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * One string that a far shell splits into exactly this argv again: OpenSSH joins its arguments with blanks and hands them to the
 * login shell there. Backslashes stay outside the quotes, where POSIX shells and fish agree on them. A NUL, which no argument can
 * hold, is a fault of the caller (`TypeError`).
 */
export function quoteForShell(argv: readonly string[]): string {
  return argv.map(quote).join(" ");
}

function quote(word: string): string {
  if (word.includes("\0")) throw new TypeError("an argument cannot hold a NUL");
  // `a=b` and `%1` mean something where a command begins.
  if (PLAIN.test(word) && !/[=%]/.test(word)) return word;
  return `'${word.replace(/['\\]/g, (character) => `'\\${character}'`)}'`;
}
