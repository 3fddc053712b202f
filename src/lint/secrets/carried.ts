import { judgeValue } from "./assignments.ts";
import { ERROR, judgeByLook, row, type SecretPattern, type Verdict, WARNING } from "./pattern.ts";
import { classesIn, entropy } from "./value.ts";

/** `user:password` in Base64, as `docker login` keeps it. */
function judgeLogin(value: string): Verdict {
  const login = Buffer.from(value, "base64").toString("latin1");
  const password = /^[\w.@-]{1,64}:([\x21-\x7e]{8,})$/.exec(login)?.[1];
  return password === undefined ? undefined : judgeByLook(password);
}

/** A password in a command line, by the measure of those that are assigned. */
function judgePassword(value: string): Verdict {
  const severity = judgeValue("password", value);
  return severity && { severity };
}

function judgeKeyOfTokens(value: string): Verdict {
  const severity = judgeValue("secret", value);
  return severity && { severity };
}

/** Many manuals show headers with tokens that were made up. */
function judgeBearer(value: string): Verdict {
  if (value.startsWith("eyJ") || !judgeByLook(value) || !/\d/.test(value)) return undefined;
  return classesIn(value) >= 2 && entropy(value) >= 3.5 ? WARNING : undefined;
}

/** A key in Base64, as settings of one line and kubeconfigs have it. */
function judgeWrapped(value: string): Verdict {
  const text = Buffer.from(value, "base64").toString("latin1");
  return /^-----BEGIN (?:[A-Z]+ )?(?<!ENCRYPTED )PRIVATE KEY-----\s+[A-Za-z\d+/]{40}/.test(text) ? ERROR : undefined;
}

/** Secrets by what carries them: a header, a command, a call. */
export const CARRIED_PATTERNS: readonly SecretPattern[] = [
  row(
    "registry-login",
    "a login of an image registry",
    ['"auth"'],
    /"auth"\s{0,3}:\s{0,3}"([A-Za-z\d+/]{12,400}={0,2})"/g,
    judgeLogin,
  ),
  row(
    "registry-login",
    "a login of a package registry",
    [":_auth"],
    /:_auth\s{0,3}=\s{0,3}["']?([A-Za-z\d+/]{12,400}={0,2})/g,
    judgeLogin,
  ),
  row(
    "header",
    "a password in a header",
    ["Basic ", "basic "],
    /\b[Bb]asic[ ]([A-Za-z\d+/]{16,400}={0,2})(?![\w=])/g,
    judgeLogin,
  ),
  row(
    "header",
    "a token in a header",
    ["Bearer ", "bearer "],
    /\b[Bb]earer[ ]([\w.~+/-]{24,500}={0,2})(?![\w=])/g,
    judgeBearer,
  ),
  row(
    "command",
    "a password in a command",
    ["curl"],
    /\bcurl\b[^\n|;&]{0,300}?\s(?:-u|--user)[ =]["']?[\w.@-]{1,80}:([^\s"'$]{8,100})/g,
    judgePassword,
  ),
  row(
    "command",
    "a password in a command",
    ["docker login", "podman login", "helm registry login"],
    /\b(?:docker|podman|helm registry)\s+login\b[^\n|;&]{0,200}?\s(?:-p|--password)[ =]["']?([^\s"'$]{8,200})/g,
    judgePassword,
  ),
  row(
    "signing-key",
    "the key that tokens are signed with",
    ["jwt."],
    /\bjwt\.(?:sign|verify|encode|decode)\(\s{0,9}[^,()"'`]{1,80},\s{0,9}["']([^"'\n]{8,200})["']/g,
    judgeKeyOfTokens,
  ),
  row(
    "private-key",
    "a private key in Base64",
    ["LS0tLS1CRUdJTi"],
    /(?<![\w+/])LS0tLS1CRUdJTi[A-Za-z\d+/]{80,20000}={0,2}/g,
    judgeWrapped,
  ),
  row(
    "private-key",
    "a private key of PuTTY",
    ["PuTTY-User-Key-File-"],
    /PuTTY-User-Key-File-\d:[^\n]{0,200}\s+Encryption: none[\s\S]{0,4000}?Private-Lines: \d+\s+[A-Za-z\d+/=]{20,}/g,
  ),
];
