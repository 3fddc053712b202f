import { z } from "zod";
import { Duration, HostPort, Size } from "./fields.ts";

/** Letters, digits and what separates them: no such name can be taken for an option of a program. */
const HOST = /^(?:[A-Za-z0-9_](?:[\w.-]*[\w.])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%\w]*|\$\{.+\})$/;
const Host = z.string().regex(HOST, "a host name or an IP address");
const Pem = z.string().min(1);
const MOST_BODY_BYTES = 16 * 1024 ** 2;

const RECORD_TYPES = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"] as const;
const STARTTLS = ["smtp", "imap", "pop3", "ftp", "postgres"] as const;

/** The servers' protocols that can begin in the clear and turn to TLS. */
export type StartTls = (typeof STARTTLS)[number];

/** `tls` beside `url`. */
const ClientTls = z.strictObject({
  ca: Pem.optional().describe("certificates that vouch for the server: PEM text, or the absolute path of a file"),
  cert: Pem.optional().describe("our own certificate, where the server asks for one: PEM text or a path"),
  key: Pem.optional().describe("the key of `cert`: `${secret:NAME}` or a path"),
});
export type ClientTls = z.infer<typeof ClientTls>;

/** Which of the addresses of a name are used. */
const IpVersion = z.union([z.literal("any"), z.literal(4), z.literal(6)]);
export type IpVersion = z.infer<typeof IpVersion>;

/** What the checks that ask something over the network may have in the manifest, besides `url` and `steps`. */
export const networkChecks = {
  ip: IpVersion.optional().describe("use addresses of IPv4 or IPv6 only; `any` when absent"),
  redirects: z.int().min(0).max(10).optional().describe("how many redirects a `url` check follows; 3 when absent"),
  max_body: Size.refine((bytes) => bytes > 0 && bytes <= MOST_BODY_BYTES, "must be between 1B and 16MiB")
    .optional()
    .describe("how much of a body a `url` check reads, decompressed; 256KiB when absent"),
  tls: z
    .union([HostPort, ClientTls])
    .optional()
    .describe("host:port whose certificates are checked; with `url`, the certificates that are used"),
  tcp: HostPort.optional().describe("connect to host:port"),
  send: z.string().optional().describe("text that a `tcp` check sends"),
  starttls: z.enum(STARTTLS).optional().describe("the protocol in which TLS is asked for before the handshake"),
  servername: z
    .string()
    .optional()
    .describe("name that the certificate must be of; the host of the address when absent"),
  ca: Pem.optional().describe("certificates that vouch for the server: PEM text, or the absolute path of a file"),
  warn: Duration.optional().describe(
    "a `tls` check is DEGRADED when a certificate expires sooner than this; 14d when absent",
  ),
  issuer: z.string().optional().describe("text that the issuer of the certificate contains"),
  dns: Host.optional().describe("name whose DNS records are asked for"),
  type: z.enum(RECORD_TYPES).optional().describe("type of the DNS record; A when absent"),
  resolver: z.string().optional().describe("DNS server as address or address:port; the system's when absent"),
  rcode: z
    .enum(["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "FORMERR", "NOTIMP"])
    .optional()
    .describe("code that DNS must answer; NOERROR when absent"),
  equals: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe("all records that DNS must answer, in any order"),
  contains: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe("records that must be among those DNS answers"),
  ping: Host.optional().describe("host that must answer ICMP echo"),
  count: z.int().min(1).max(20).optional().describe("how many echoes are sent; 3 when absent"),
  max_loss: z.number().min(0).max(99).optional().describe("percent of the echoes that may be lost; 50 when absent"),
  browser: z.string().optional().describe("page that must open in Chromium"),
  selector: z.string().optional().describe("CSS selector of what must become visible in the page"),
  no_console_errors: z.boolean().optional().describe("errors in the page's console fail the check"),
  budget: Duration.optional().describe("a page that loads longer is `slow`"),
};
