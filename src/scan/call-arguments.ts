/** One argument of a call: `port=8000` has a name, `app` has none. */
export interface Argument {
  name: string | undefined;
  value: string;
  /** Where the value begins in the code. */
  offset: number;
}

const CLOSING: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** Where the bracket at an offset is closed; the end of the text where it never is. `bare` is code without the insides of strings. */
export function closingBracket(bare: string, open: number): number {
  const stack: string[] = [];
  for (let at = open; at < bare.length; at += 1) {
    const char = bare[at] as string;
    if (CLOSING[char] !== undefined) stack.push(CLOSING[char]);
    else if (char === stack.at(-1)) {
      stack.pop();
      if (stack.length === 0) return at;
    }
  }
  return bare.length;
}

/** The arguments of the call whose bracket opens at an offset; names as Python (`a=`), Ruby and Elixir (`a:`) write them. */
export function callArguments({ code, bare }: { code: string; bare: string }, open: number): Argument[] {
  const end = closingBracket(bare, open);
  const parts: [number, number][] = [];
  let from = open + 1;
  for (let at = from; at <= end; at += 1) {
    const char = bare[at] ?? "";
    if (CLOSING[char] !== undefined) at = closingBracket(bare, at);
    else if (char === "," || at === end) {
      parts.push([from, at]);
      from = at + 1;
    }
  }
  return parts.flatMap(([start, stop]) => {
    const raw = code.slice(start, stop);
    const [, lead = "", name, value = ""] = /^(\s*)(?:(\w+)\s*(?:=(?!=)|:(?!:))\s*)?([\s\S]*?)\s*$/.exec(raw) ?? [];
    if (name === undefined && value === "") return [];
    return [
      {
        name,
        value,
        offset: start + Math.max(lead.length, raw.indexOf(value, name === undefined ? 0 : lead.length + name.length)),
      },
    ];
  });
}
