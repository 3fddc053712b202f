import type { z } from "zod";

/** The JSON object in a program's output, which other lines (warnings, logs) may surround; undefined when none has the shape. */
export function lastJson<T>(output: string, shape: z.ZodType<T>): T | undefined {
  const starts = [...output.matchAll(/^\{/gm)].map(({ index }) => index).reverse();
  const ends = [...output.matchAll(/\}[^\S\n]*$/gm)].map(({ index }) => index + 1).reverse();
  for (const start of starts)
    for (const end of ends) {
      if (end <= start) break;
      const parsed = shape.safeParse(parse(output.slice(start, end)));
      if (parsed.success) return parsed.data;
    }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
