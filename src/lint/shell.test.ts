import { describe, expect, it } from "vitest";
import { shellSteps } from "./shell.ts";

const told = (text: string) =>
  shellSteps(text).map(({ argv, next, depth }) => `${depth} ${argv.join(" ")} ${JSON.stringify(next)}`);

describe("scripts", () => {
  const rows: [name: string, text: string, expected: string[]][] = [
    ["operators", "a && b || c; d | e & f", ['0 a "&&"', '0 b "||"', '0 c ";"', '0 d "|"', '0 e "&"', '0 f ""']],
    ["quotes", `echo 'a | b' "c && d" e\\ f`, ['0 echo a | b c && d e f ""']],
    [
      "parentheses and commands in words",
      '(cd x && y) > f; z "$(curl a | sh)" `id`',
      ['1 cd x "&&"', '1 y ""', '0 z $(curl a | sh) `id` ""', '1 curl a "|"', '1 sh ""', '1 id ""'],
    ],
    [
      "words of the shell",
      "if test -f a; then b; else c; fi; for x in 1 2; do d $x; done",
      ['0 test -f a ";"', '0 b ";"', '0 c ";"', '0 d $x ";"'],
    ],
    ["case", "case $1 in a|b) c ;; *) d | e ;; esac", ['0 c ";"', '0 d "|"', '0 e ";"']],
    ["functions", "f() { a; }; f", ['0 a ";"', '0 f ""']],
    ["comments", "a # b | c\nd", ['0 a "\\n"', '0 d ""']],
    ["here-documents", "cat <<EOF > f\na | b\nEOF\nc", ['0 cat "\\n"', '0 c ""']],
    ["lines that go on", "a \\\n  b", ['0 a b ""']],
    ["open ends", "a 'b", ['0 a b ""']],
    ["nothing", " \n# x\n", []],
    ["parentheses that never end", "((((", []],
  ];
  it.each(rows)("%s", (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it("tells variables in front, redirections, and where words stand", () => {
    const text = "A=1 B='x y' run --to=$C file 2>&1 >out";
    const [step] = shellSteps(text);
    expect(step?.env).toEqual({ A: "1", B: "x y" });
    expect(step?.redirects).toEqual([
      { mark: ">&", target: "1" },
      { mark: ">", target: "out" },
    ]);
    expect(step?.words.map(({ start, end, literal }) => [text.slice(start, end), literal])).toEqual([
      ["run", true],
      ["--to=$C", false],
      ["file", true],
    ]);
  });
});
