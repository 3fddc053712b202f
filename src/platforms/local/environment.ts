import { delimiter, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const OWN_BIN = resolve(dirname(fileURLToPath(import.meta.url)), "../../../node_modules/.bin");
const INHERITED =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|JAVA_HOME|GOPATH|GOROOT|GOCACHE|PYENV_ROOT|VIRTUAL_ENV|NVM_DIR|VOLTA_HOME|RUSTUP_HOME|CARGO_HOME|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy)$/;

/**
 * What a service gets from the environment of Stationmaster: how to find programs, locale and proxies. Nothing else, so a
 * secret reaches a service only through its `env`. The folder of our own tools is taken out of PATH again: npm puts it
 * there, and a service must find the same programs whichever door it was started through.
 */
export function inheritedEnvironment(from: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = Object.entries(from).filter(
    (entry): entry is [string, string] => INHERITED.test(entry[0]) && entry[1] !== undefined,
  );
  const environment = Object.fromEntries(kept);
  if (environment.PATH) {
    const folders = environment.PATH.split(delimiter).filter(
      (folder) => resolve(folder) !== OWN_BIN && !folder.endsWith("node-gyp-bin"),
    );
    environment.PATH = [...new Set(folders)].join(delimiter);
  }
  return environment;
}
