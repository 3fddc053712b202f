import { quoteForShell } from "../../../exec/quote.ts";
import { filesIn } from "./files.ts";
import { listenersScript } from "./listeners-script.ts";

/**
 * What runs beside the proxy on a host: it sees to what holds the proxy's listening sockets (`listenersScript`, where there is a
 * Python), and starts `program`, the proxy, again when it ends, also while nobody looks; without one somebody else does. `sh` with
 * this file leaves one in the background and ends at once; one that finds another there ends too. It reads nothing but what lies on
 * the disk then, so a grant that has ended stays ended. A proxy that was there before it is looked at every second. A reload or
 * upgrade keeps the process, so there is nothing to do for it. Its lock is nobody else's: a program that inherited it would keep
 * it. Short runs, such as of one whose port is taken, are repeated every second.
 */
export function keepScript(folder: string, program?: readonly string[]): string {
  const files = filesIn(folder);
  const quoted = (file: string) => quoteForShell([file]);
  return `# Keeps the proxy running. Written by Stationmaster.
cd ${quoted(folder)} || exit 1
if [ "$1" != stay ]; then
  setsid sh ${quoted(files.keep)} stay </dev/null >/dev/null 2>&1 &
  exit 0
fi
exec 9>>keep.lock
flock -n 9 || exit 0
echo $$ >keep.pid
trap 'ending=1' TERM
rm -f ${quoted(files.listeners)} listeners.pid
hold() {
  cat >listeners.new <<'END' && mv listeners.new ${quoted(files.holder)} || return
${listenersScript(folder)}END
  for python in python3 /usr/libexec/platform-python; do
    "$python" -c '' || continue
    "$python" ${quoted(files.holder)} "$1" &
    echo $! >listeners.pid
    wait $!
    return
  done
}
(until hold $$; do sleep 1; done) 9>&- &
${program ? runAgain(files, program) : `while [ -z "$ending" ] && [ -e ${quoted(files.config)} ]; do sleep 1 9>&-; done`}
rm -f ${quoted(files.listeners)}
kill -KILL 0
`;
}

function runAgain(files: ReturnType<typeof filesIn>, program: readonly string[]): string {
  const [config, pid, listeners, holder] = [files.config, files.pid, files.listeners, files.holder].map((file) =>
    quoteForShell([file]),
  );
  return `is() {
  tr '\\0' '\\n' <"/proc/$(cat "$1")/cmdline" | grep -qxF "$2"
}
while [ -z "$ending" ] && [ -e ${config} ]; do
  if is ${pid} ${config}; then sleep 1 9>&-; continue; fi
  began=$(date +%s)
  set --
  if [ -S ${listeners} ]; then set -- -x ${listeners}; fi
  ${quoteForShell(program)} "$@" 2>haproxy.log 9>&-
  [ -z "$ending" ] || break
  took=$(($(date +%s) - began))
  # A holder that hangs keeps the sockets from the proxy.
  if [ "$took" -lt 10 ] && grep -q 'Failed to get the sockets' haproxy.log && is listeners.pid ${holder}; then
    kill -KILL "$(cat listeners.pid)"
    rm -f ${listeners}
  fi
  if [ "$took" -gt 1 ]; then sleep 0.2 9>&-; else sleep 1 9>&-; fi
done`;
}

/** Signals it; code 0 when it was there. `$1` the file it runs, `$2` its process id, `$3` the signal; 0 only asks. */
export const SIGNAL_KEEPER = `pid=$(cat "$2") && tr '\\0' '\\n' <"/proc/$pid/cmdline" | grep -qxF "$1" && kill -"$3" "$pid"`;
