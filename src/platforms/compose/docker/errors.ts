import { ExternalError } from "../../../core/errors.ts";
import { clip, printable } from "../../../core/text.ts";

interface Kind {
  code: string;
  /** What it means; what docker said follows. */
  message: string;
  /** What the docker client prints, from 20.10 to 28; it has no other way to say why. */
  pattern: RegExp;
  next: (host: string) => string;
  retryable?: boolean;
}

const KINDS: readonly Kind[] = [
  {
    code: "SM-DOCKER-DENIED",
    message: "this account may not use docker",
    pattern:
      /permission denied while trying to connect|Got permission denied|sudo: |docker\.sock: connect: permission denied/i,
    next: (host) =>
      `add the account to the group docker on ${host}, or set \`sudo: true\` and allow it sudo without a password`,
  },
  {
    code: "SM-DOCKER-DOWN",
    message: "docker does not run",
    pattern: /Cannot connect to the Docker daemon|Is the docker daemon running|error during connect/i,
    next: (host) => `start it on ${host}: systemctl start docker`,
    retryable: true,
  },
  {
    code: "SM-DOCKER-DISK",
    message: "the disk is full",
    pattern: /no space left on device/i,
    next: (host) => `free disk space on ${host}; docker system df shows what takes it`,
  },
  {
    code: "SM-DOCKER-PORT",
    message: "a port of the host is taken",
    pattern: /port is already allocated|address already in use/i,
    next: (host) => `find what listens there on ${host}, or use another port`,
  },
  {
    code: "SM-IMAGE-DENIED",
    message: "the registry refuses it",
    pattern: /unauthorized|no basic auth credentials|pull access denied|requested access to the resource is denied/i,
    next: (host) => `correct the name of the image, or run docker login on ${host}`,
  },
  {
    code: "SM-IMAGE-MISSING",
    message: "there is no such image",
    pattern: /manifest unknown|manifest for .* not found|No such image|repository .* not found|not found: manifest/i,
    next: () => "correct the name or the tag, or push the image",
  },
  {
    code: "SM-IMAGE-PLATFORM",
    message: "the image is for another processor",
    pattern: /no matching manifest for|does not match the specified platform/i,
    next: (host) => `build the image for the processor of ${host}`,
  },
  {
    code: "SM-IMAGE-LIMIT",
    message: "the registry wants fewer pulls",
    pattern: /toomanyrequests|too many requests/i,
    next: (host) => `wait, or run docker login on ${host}`,
    retryable: true,
  },
  {
    code: "SM-IMAGE-REGISTRY",
    message: "the registry cannot be reached",
    pattern: /(?:dial tcp|lookup .*: no such host|TLS handshake|server gave HTTP response|x509:|request canceled)/i,
    next: (host) => `check that ${host} reaches the registry`,
    retryable: true,
  },
  {
    code: "SM-DOCKER-PROGRAM",
    message: "its program cannot be started",
    pattern: /executable file not found|exec format error|unable to start container process/i,
    next: () => "correct `start` or the image's command",
  },
];

/** Of a build the last lines say why. */
const LAST_LINES = 6;

/** A docker call that failed, with the host, what was tried and what to do. `code` is its exit code, `printed` its error output. */
export function dockerError({
  host,
  step,
  code,
  printed,
}: {
  host: string;
  step: string;
  code: number | null;
  printed: string;
}): ExternalError {
  const lines = printable(printed)
    .trim()
    .split("\n")
    .map((line) => line.trim());
  const telling = lines.filter((line) => line !== "" && !/^(?:Run 'docker|See 'docker|WARNING:)/.test(line));
  const said = clip(
    telling
      .slice(-LAST_LINES)
      .join(" ")
      .replace(/^(?:docker: )?Error(?: response from daemon)?: /, ""),
    400,
  );
  if (code === 127)
    return new ExternalError({
      code: "SM-DOCKER-MISSING",
      message: `${host}: ${step}: docker is not installed there`,
      next: `install Docker Engine on ${host}`,
    });
  const kind = KINDS.find(({ pattern }) => pattern.test(said));
  if (kind)
    return new ExternalError({
      code: kind.code,
      message: `${host}: ${step}: ${kind.message}: ${said}`,
      next: kind.next(host),
      retryable: kind.retryable ?? false,
    });
  return new ExternalError({
    code: "SM-DOCKER-FAILED",
    message: `${host}: ${step}: ${said || `docker ended with code ${code}`}`,
    next: `try it by hand on ${host}`,
  });
}
