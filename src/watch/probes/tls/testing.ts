import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../../exec/program.ts";

/** Why no certificates can be made; undefined when they can. */
export const missingOpenssl = (await findProgram(["openssl"])) ? undefined : "openssl is not installed";

const CONFIG = `[ca]
default_ca=own
[own]
database=index.txt
new_certs_dir=.
rand_serial=yes
default_md=sha256
policy=any
copy_extensions=copy
unique_subject=no
[any]
commonName=supplied
[authority]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign
`;

export interface Served {
  cert: string;
  key: string;
}

/** An authority of one's own in a folder of its own, made with openssl. */
export interface Authority {
  /** PEM of the root. */
  ca: string;
  /** A server's certificate, valid from and until so many days from now; `through` an intermediate with its own last day. */
  issue(names: { host: string; fromDays?: number; days: number; through?: number }): Served;
  selfSigned(host: string): Served;
  remove(): void;
}

export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-ca-"));
  writeFileSync(join(folder, "ca.cnf"), CONFIG);
  writeFileSync(join(folder, "index.txt"), "");
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
  };
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const request = (name: string, subject: string, ...more: string[]) =>
    openssl(
      ...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", `/CN=${subject}`],
      ...["-keyout", `${name}.key`, "-out", `${name}.${more.includes("-x509") ? "pem" : "csr"}`, ...more],
    );
  const sign = (name: string, by: string, from: number, to: number, ...more: string[]) =>
    openssl(
      ...["ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", `${by}.pem`, "-keyfile", `${by}.key`],
      ...["-startdate", stamp(from), "-enddate", stamp(to), "-in", `${name}.csr`, "-out", `${name}.pem`, ...more],
    );
  request("root", "Test Root", "-x509", "-days", "3650");
  let made = 0;
  return {
    ca: read("root.pem"),
    issue: ({ host, fromDays = -1, days, through }) => {
      const name = `leaf${++made}`;
      const by = through === undefined ? "root" : `middle${made}`;
      if (through !== undefined) {
        request(by, "Test Intermediate");
        sign(by, "root", -1, through, "-extensions", "authority");
      }
      request(name, host, "-addext", `subjectAltName=${/^[\d.]+$/.test(host) ? "IP" : "DNS"}:${host}`);
      sign(name, by, fromDays, days);
      return { cert: read(`${name}.pem`) + (by === "root" ? "" : read(`${by}.pem`)), key: read(`${name}.key`) };
    },
    selfSigned: (host) => {
      request("alone", host, "-x509", "-addext", `subjectAltName=DNS:${host}`);
      return { cert: read("alone.pem"), key: read("alone.key") };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** `20261122055052Z`, so many days from now. */
function stamp(days: number): string {
  const iso = new Date(Date.now() + days * 86_400_000).toISOString();
  return `${iso.slice(0, 19).replace(/\D/g, "")}Z`;
}
