import type { LookupAddress } from "node:dns";
import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";

/** What a small file of the system says, read again when it has changed; a file that is not there is an empty one. */
export function contentOf<T>(file: string, parse: (text: string) => T): () => T {
  let known: { mark: string; value: T } | undefined;
  return () => {
    // Not in the background: that would take one of the threads that nothing here is to wait for.
    const found = statSync(file, { throwIfNoEntry: false });
    // Two writes in a row, or a file moved here, may leave the same time.
    const mark = found ? `${found.mtimeMs} ${found.size} ${found.ino}` : "";
    if (known?.mark !== mark) known = { mark, value: parse(found ? readFileSync(file, "utf8") : "") };
    return known.value;
  };
}

/** Reads a hosts file (hosts(5)): the addresses of each name, which is in small letters, in their order. */
export function readHosts(text: string): Map<string, LookupAddress[]> {
  const known = new Map<string, LookupAddress[]>();
  for (const [address = "", ...names] of linesOf(text)) {
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names.map((item) => item.toLowerCase()))
      known.set(name, [...(known.get(name) ?? []), { address, family }]);
  }
  return known;
}

/** How a name is completed before it is asked (resolv.conf(5)). */
interface Completion {
  search: readonly string[];
  /** A name with so many dots is tried as it is first. */
  dots: number;
}

const DOTS = 1;

/** Reads `search` (or `domain`) and `ndots` from a resolv.conf; of several the last counts. */
export function readCompletion(text: string): Completion {
  let completion: Completion = { search: [], dots: DOTS };
  for (const [keyword, ...values] of linesOf(text)) {
    if (keyword === "search" || keyword === "domain") completion = { ...completion, search: values };
    if (keyword !== "options") continue;
    const dots = values.map((value) => /^ndots:(\d+)$/.exec(value)?.[1]).findLast((value) => value !== undefined);
    if (dots !== undefined) completion = { ...completion, dots: Number(dots) };
  }
  return completion;
}

/** Reads the addresses of the DNS servers from a resolv.conf, the first one asked first. */
export function readServers(text: string): string[] {
  return linesOf(text).flatMap(([keyword, address = ""]) =>
    keyword === "nameserver" && address !== "" ? [address] : [],
  );
}

/** The names to ask for, in the order of the system's resolver. */
export function completed(name: string, { search, dots }: Completion): string[] {
  if (name.endsWith(".")) return [name];
  const longer = search.map((domain) => `${name}.${domain}`);
  return name.split(".").length > dots ? [name, ...longer] : [...longer, name];
}

function linesOf(text: string): string[][] {
  return text.split("\n").map((line) =>
    line
      .replace(/[#;].*$/, "")
      .trim()
      .split(/\s+/),
  );
}
