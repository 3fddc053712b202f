import type { Answer } from "dns-packet";

/** A record as text, as it stands in a zone file without its name: `192.0.2.1`, `10 mail.example.com`, `v=spf1 -all`. */
export function recordText(answer: Answer): string {
  switch (answer.type) {
    case "TXT":
      return [answer.data].flat().map(String).join("");
    case "MX":
      return `${answer.data.preference ?? 0} ${answer.data.exchange}`;
    case "SRV":
      return [answer.data.priority ?? 0, answer.data.weight ?? 0, answer.data.port, answer.data.target].join(" ");
    case "SOA":
      return `${answer.data.mname} ${answer.data.rname}`;
    case "CAA":
      return `${answer.data.flags ?? 0} ${answer.data.tag} ${JSON.stringify(answer.data.value)}`;
    default:
      return "data" in answer ? String(answer.data) : "";
  }
}

interface Expected {
  rcode: string;
  equals?: string | string[] | undefined;
  contains?: string | string[] | undefined;
}

/** What is wrong with the records of an answer, in words; names are compared whatever their case and final dot. */
export function recordProblems(records: readonly string[], { rcode, equals, contains }: Expected): string[] {
  const found = new Set(records.map(plain));
  const listed = records.length > 0 ? records.toSorted().join(", ") : "nothing";
  const missing = [equals ?? [], contains ?? []].flat().filter((record) => !found.has(plain(record)));
  const problems = missing.map((record) => `${record} is not among the records`);
  const wanted = new Set([equals ?? []].flat().map(plain));
  const extra = equals === undefined ? [] : records.filter((record) => !wanted.has(plain(record)));
  problems.push(...extra.map((record) => `${record} is there and should not be`));
  if (problems.length > 0) return [...problems, `the answer is ${listed}`];
  return rcode === "NOERROR" && records.length === 0 ? ["there is no such record"] : [];
}

function plain(record: string): string {
  return record.toLowerCase().replace(/\.$/, "");
}
