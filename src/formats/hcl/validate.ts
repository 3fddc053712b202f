import { createRequire } from "node:module";
import { lazy } from "../../core/lazy.ts";
import type { Problem } from "../document.ts";
import { startGo } from "../go-program.ts";

type Parse = (name: string, text: string) => Promise<Record<string, unknown>>;

// The parser of Terraform itself as WebAssembly. It starts when it is loaded, so that it is loaded when it is needed.
const parser = lazy(() =>
  startGo(async () => {
    const { parse } = createRequire(import.meta.url)("@cdktf/hcl2json") as { parse: Parse };
    await parse(NAME, "");
    return parse;
  }),
);
const NAME = "main.tf";
const DIAGNOSTIC = /main\.tf:(\d+),(\d+)-\d+(?:,\d+)?: (.*?)(?=, main\.tf:\d|, and \d+ other|\]?$)/gs;

/** What the parser of HCL cannot read in a text, with places. */
export async function validateHcl(text: string): Promise<Problem[]> {
  try {
    const parse = await parser();
    await parse(NAME, text);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const found = [...message.matchAll(DIAGNOSTIC)].map(([, line, column, what = ""]) => ({
      line: Number(line),
      column: Number(column),
      message: what.replace(/\s+/g, " ").trim(),
    }));
    return found.length > 0 ? found : [{ line: 1, column: 1, message }];
  }
}
