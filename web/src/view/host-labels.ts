import { hostName } from "./format.ts";

/** A name up to this length is readable where hosts stand in columns. */
const SHORT = 12;
const ADDRESS = /^[\d.]+$|:/;

/** Hosts by the part of their names that tells them apart: without account, common domain and, where still long, common beginning. */
export function hostLabels(hosts: readonly string[]): ReadonlyMap<string, string> {
  const names = hosts.map(hostName);
  const isNamed = hosts.length > 1 && !names.some((name) => ADDRESS.test(name));
  const short = isNamed ? withoutBeginning(withoutDomain(names)) : names;
  return new Map(hosts.map((host, index) => [host, short[index] ?? host]));
}

function withoutDomain(names: readonly string[]): string[] {
  const labels = names.map((name) => name.split("."));
  const [first = []] = labels;
  const most = Math.min(...labels.map(({ length }) => length)) - 1;
  let shared = 0;
  while (shared < most && labels.every((own) => own.at(-1 - shared) === first.at(-1 - shared))) shared += 1;
  return labels.map((own) => own.slice(0, own.length - shared).join("."));
}

function withoutBeginning(names: string[]): string[] {
  if (names.every(({ length }) => length <= SHORT)) return names;
  const [first = ""] = names;
  const cut = [...first.matchAll(/[-.]/g)]
    .map(({ index }) => index + 1)
    .findLast((end) => names.every((name) => name.length > end && name.startsWith(first.slice(0, end))));
  return cut === undefined ? names : names.map((name) => `…${name.slice(cut)}`);
}
