import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/** Names that no registry gives away: RFC 6761, RFC 6762, RFC 7686, RFC 9476 and what private networks use. */
const PRIVATE = [
  "localhost",
  "local",
  "internal",
  "test",
  "example",
  "invalid",
  "onion",
  "alt",
  "arpa",
  "lan",
  "home",
  "corp",
];
const LABEL = /^(?!-)[a-z\d-]{1,63}(?<!-)$/;

/** The names among these hosts that may stand in the register of a public domain, each once. */
export function publicNames(hosts: readonly string[]): string[] {
  const names = hosts.map((host) => domainToASCII(host.replace(/\.$/, "")).toLowerCase());
  return [...new Set(names)].filter(isPublic).sort();
}

function isPublic(name: string): boolean {
  const labels = name.split(".");
  const isName = labels.length > 1 && labels.every((label) => LABEL.test(label));
  return isName && isIP(name) === 0 && !PRIVATE.includes(labels.at(-1) ?? "");
}

/** What may be registered of a name below an end such as `com`, the shortest first: one label more than the end, at least two, up to the name itself. */
export function candidates(name: string, end: string): string[] {
  const labels = name.split(".");
  const fewest = Math.max(2, end.split(".").length + 1);
  return labels.map((_, index) => labels.slice(-1 - index).join(".")).slice(fewest - 1);
}
