import { ExternalError } from "../core/errors.ts";
import { clip, printable } from "../core/text.ts";
import type { Host } from "./host.ts";

/**
 * `$1` path, `$2` mode, `$3` bytes: a connection that ends early looks like the end of the content. Nobody hears it then, and a
 * shell that dies of that (SIGPIPE) would leave the draft behind.
 */
const SCRIPT = `set -eu
trap '' PIPE
path=$1 mode=$2 bytes=$3
folder=$(dirname -- "$path")
mkdir -p -- "$folder"
umask 077
draft=$(mktemp "$folder/.draft.XXXXXX")
trap 'rm -f -- "$draft"' EXIT
cat >"$draft"
[ "$(wc -c <"$draft")" -eq "$bytes" ] || { echo "the content came in part" >&2; exit 1; }
chmod "$mode" "$draft"
sync "$draft"
mv -f -- "$draft" "$path"
sync "$folder"`;

/** Replaces a file on a host; see `Host.write`. */
export async function writeThere(
  run: Host["run"],
  host: string,
  path: string,
  content: string | Uint8Array,
  { mode = 0o600, ...options }: { mode?: number; deadlineMs: number; signal?: AbortSignal },
): Promise<void> {
  const argv = ["sh", "-c", SCRIPT, "sh", path, mode.toString(8), String(Buffer.byteLength(content))];
  const result = await run(argv, { ...options, stdin: content });
  if (result.code === 0) return;
  throw writeError(host, path, result.stderr);
}

/** Why a file could not be written, with the host and the path. */
export function writeError(host: string, path: string, why: string): ExternalError {
  return new ExternalError({
    code: "SM-HOST-WRITE",
    message: `${host}: cannot write ${path}: ${clip(printable(why).trim(), 200)}`,
    next: "check the folder's permissions and the free disk space there",
  });
}
