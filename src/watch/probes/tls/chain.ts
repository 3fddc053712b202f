import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { formatDuration } from "../../../core/duration.ts";
import { utcMinute } from "../../../core/when.ts";
import type { Failure, ProbeAnswer } from "../probe.ts";

/** The certificate of a chain that ends first. Times in milliseconds. */
export interface CertificateEnd {
  /** Whose it is. */
  name: string;
  /** Epoch. */
  notAfter: number;
  /** Negative when it is over. */
  leftMs: number;
}

/** The certificates of the other side, its own first; the issuers as far as they were sent or are known here. */
export function peerChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next && !chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/** Which certificate of a chain ends first, seen at `now` (epoch ms); undefined without certificates. */
export function earliestEnd(chain: readonly X509Certificate[], now: number): CertificateEnd | undefined {
  return chain
    .map((certificate) => {
      const notAfter = Date.parse(certificate.validTo);
      return { name: nameOf(certificate.subject), notAfter, leftMs: notAfter - now };
    })
    .reduce<CertificateEnd | undefined>(
      (first, end) => (first && first.notAfter <= end.notAfter ? first : end),
      undefined,
    );
}

/** What a run tells of the end of a chain: `notAfter` in epoch seconds, and `secondsLeft`. */
export function endFacts({ notAfter, leftMs }: CertificateEnd): Record<string, number> {
  return { notAfter: Math.floor(notAfter / 1_000), secondsLeft: Math.floor(leftMs / 1_000) };
}

/** One failure when less than `leastMs` milliseconds are left. Its outcome is `slow`: all works until the date. */
export function expiringSoon({ name, notAfter, leftMs }: CertificateEnd, leastMs: number): Failure[] {
  if (leftMs >= leastMs) return [];
  const detail = `the certificate of ${name} expires on ${utcMinute(notAfter)}, in ${formatDuration(leftMs)}`;
  return [{ outcome: "slow", class: "tls-expiring", family: "tls", detail }];
}

interface Wanted {
  /** Epoch milliseconds. */
  now: number;
  /** Less left than these milliseconds is a failure; 0 when absent. */
  warnMs?: number;
  issuer?: string | undefined;
}

/** What there is to say of the certificates of the other side, and when the first of them ends. */
export function judgePeer(socket: TLSSocket | null, wanted: Wanted): Pick<ProbeAnswer, "failure" | "facts"> {
  if (!socket) return { failure: null };
  const chain = peerChain(socket);
  const end = earliestEnd(chain, wanted.now);
  if (!end) return { failure: invalid("the server showed no certificate") };
  const { authorized, authorizationError } = socket;
  const distrust = authorized ? null : String(authorizationError);
  return { failure: judgeChain(chain, { ...wanted, end, distrust }), facts: endFacts(end) };
}

interface Judged extends Wanted {
  end: CertificateEnd;
  /** Why the chain is not trusted, as Node names it. */
  distrust: string | null;
}

/** Over, not valid yet, not trusted or of another name, of another issuer, over soon: the first that is so. */
function judgeChain(
  chain: readonly X509Certificate[],
  { now, warnMs = 0, issuer, end, distrust }: Judged,
): Failure | null {
  const [own] = chain;
  if (end.leftMs <= 0) {
    const detail = `the certificate of ${end.name} expired on ${utcMinute(end.notAfter)}, ${formatDuration(-end.leftMs)} ago`;
    return { outcome: "fail", class: "tls-expired", family: "tls", detail };
  }
  const early = chain.find(({ validFrom }) => Date.parse(validFrom) > now);
  if (early)
    return invalid(
      `the certificate of ${nameOf(early.subject)} is valid from ${utcMinute(Date.parse(early.validFrom))} only`,
    );
  if (distrust !== null) return invalid(DISTRUST[distrust] ?? `the certificate is not trusted: ${distrust}`, own);
  if (issuer !== undefined && !own?.issuer.includes(issuer))
    return invalid(`the issuer of the certificate does not contain ${JSON.stringify(issuer)}`, own);
  return expiringSoon(end, warnMs)[0] ?? null;
}

const DISTRUST: Record<string, string> = {
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is of another name",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "the chain ends with a certificate that nobody here knows",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the server does not show who issued its certificate, or nobody here knows the issuer",
  UNABLE_TO_GET_ISSUER_CERT: "a certificate of the chain is missing",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the issuer of the certificate is not known here",
};

function invalid(reason: string, own?: X509Certificate): Failure {
  const whose = own ? ` (of ${own.subjectAltName ?? nameOf(own.subject)}, issued by ${nameOf(own.issuer)})` : "";
  return { outcome: "fail", class: "tls-invalid", family: "tls", detail: `${reason}${whose}` };
}

/** The common name of a distinguished name, which has a part in each line; without one all of it. */
function nameOf(distinguished: string): string {
  return /^CN=(.+)$/m.exec(distinguished)?.[1] ?? distinguished.replaceAll("\n", ", ");
}
