import { ExternalError } from "../core/errors.ts";
import { clip, printable } from "../core/text.ts";

interface Kind {
  code: string;
  /** What ssh prints, in every version since 7; it has no other way to say why. */
  pattern: RegExp;
  message: (host: string, said: string) => string;
  next: (host: string) => string;
  retryable?: boolean;
}

const KINDS: readonly Kind[] = [
  {
    code: "SM-SSH-HOST-KEY",
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed|REVOKED HOST KEY/i,
    message: (host) => `${host} shows another host key than the one that is known`,
    next: (host) =>
      `find out why; if the change is meant, forget the old key (ssh-keygen -R) and connect once: ssh ${host}`,
  },
  {
    code: "SM-SSH-HOST-UNKNOWN",
    pattern: /Host key verification failed|No \S+ host key is known/,
    message: (host) => `the host key of ${host} is not known on this machine`,
    next: (host) => `connect once and compare the fingerprint: ssh ${host}`,
  },
  {
    code: "SM-SSH-DENIED",
    pattern: /Permission denied|Too many authentication failures|No supported authentication methods/,
    message: (host, said) => `${host} refused to let us in: ${said}`,
    next: (host) => `add a key to ssh-agent or ssh_config that works without a password, and try: ssh ${host}`,
  },
  {
    code: "SM-SSH-NAME",
    pattern: /Could not resolve hostname/,
    message: (host, said) => `${host} is not a host that ssh finds: ${said}`,
    next: () => "correct the name in the manifest, or add it to ssh_config",
  },
  {
    code: "SM-SSH-CONFIG",
    pattern: /Bad configuration option|bad configuration options|Bad owner or permissions|Can't open user config file/,
    message: (host, said) => `ssh does not accept its configuration for ${host}: ${said}`,
    next: () => "correct ssh_config",
  },
];

const UNREACHABLE: Omit<Kind, "pattern"> = {
  code: "SM-SSH-UNREACHABLE",
  message: (host, said) => `${host} cannot be reached: ${said}`,
  next: (host) => `check that it is up, then try: ssh ${host}`,
  retryable: true,
};

/** Why ssh gave no connection, from what it printed; nothing was started there. What is not known counts as unreachable. */
export function connectionError(host: string, printed: string): ExternalError {
  const kind = KINDS.find(({ pattern }) => pattern.test(printed)) ?? UNREACHABLE;
  const lines = printable(printed).split("\n");
  const said = lines.findLast((line) => line.trim() !== "")?.trim() ?? "ssh says no reason";
  return new ExternalError({
    code: kind.code,
    message: kind.message(host, clip(said, 200)),
    next: kind.next(host),
    retryable: kind.retryable ?? false,
  });
}

/** No connection in the time there was; nothing was started there. */
export function connectDeadline(host: string, deadlineMs: number): ExternalError {
  return connectionError(host, `no answer within ${deadlineMs / 1_000} s`);
}

/** The account has no shell that runs commands. */
export function noShell(host: string, code: number | null): ExternalError {
  return new ExternalError({
    code: "SM-SSH-SHELL",
    message: `${host} lets us in, but runs no commands (${code === null ? "no exit code" : `exit code ${code}`})`,
    next: `use an account with a login shell; try: ssh ${host} true`,
  });
}

/** The connection ended while a program ran. */
export function connectionLost(host: string, program: string): ExternalError {
  return new ExternalError({
    code: "SM-SSH-LOST",
    message: `${host}: the connection was lost while ${program} ran; it may still run there`,
    next: `look at ${host} before it is run again`,
    retryable: true,
  });
}

/** The program did not end in time. */
export function pastDeadline(host: string, program: string, deadlineMs: number): ExternalError {
  return new ExternalError({
    code: "SM-SSH-DEADLINE",
    message: `${host}: ${program} did not end within ${deadlineMs / 1_000} s`,
    next: `look at ${host} before it is run again`,
  });
}
