import { createHash } from "node:crypto";

/** Exit codes of the gate. */
export const REFUSED = 75;
export const HELD = 73;
export const BUSY = 74;

/** How the one line of a refusal begins on standard error, so that a program's own 75 is told apart. */
export const REFUSAL = "stationmaster gate: generation";

/** The first line once the gate is held; each ping is answered with another line. */
export const HOLDING = "holding";

/**
 * The lease that a host itself keeps (POSIX sh, util-linux' flock; coreutils' timeout). `BASE.hold` is locked while a controller
 * holds the gate, `BASE.run` shared by each command and exclusively while the generation in `BASE.generation` rises, so no older
 * command still runs then. Neither is ever unlinked: a lock on a file without a name would exclude nobody.
 *
 * Programs do not inherit the locks: a daemon that one of them leaves behind would hold them for ever.
 *
 *   show BASE                            prints the generation, 0 where there is none
 *   run BASE GENERATION ARGV…            runs argv unless another generation is in force
 *   hold BASE GENERATION HOLDER TTL WAIT until standard input ends or TTL s pass without a byte; waits WAIT s for older commands.
 *                                        A holder that comes again, after its connection was lost, ends its own earlier hold
 */
export const GATE_SCRIPT = `set -u
verb=$1 base=$2
generation=0 owner= other= pid=
current() { [ ! -s "$base.generation" ] || read -r generation owner <"$base.generation"; }
refuse() { echo "${REFUSAL} $generation $owner" >&2; exit ${REFUSED}; }
ours() { read -r other pid <"$base.hold"; [ "$other" = "$holder" ]; }
again() {
  ours || return 1
  flock -w 3 8 && return
  # Who came just before us may not have written its name yet: it was an old one of ours that we read.
  ours || return 1
  kill "$pid" 2>/dev/null
  flock -w "$ttl" 8
}
case $verb in
show)
  current; echo "$generation" ;;
run)
  wanted=$3; shift 3
  exec 9>>"$base.run" || exit 1
  flock -s 9 || exit 1
  current
  [ "$generation" = "$wanted" ] || refuse
  env "$@" 9>&- ;;
hold)
  wanted=$3 holder=$4 ttl=$5 wait=$6
  exec 8>>"$base.hold" 9>>"$base.run" || exit 1
  flock -n 8 || again || { echo "$other" >&2; exit ${HELD}; }
  echo "$holder $$" >"$base.hold"
  until flock -w 1 9; do
    [ $((wait -= 2)) -gt 0 ] || exit ${BUSY}
    timeout 1 head -c 1 8>&- 9>&-
    [ $? -eq 124 ] || exit 0
  done
  current
  [ "$generation" -lt "$wanted" ] || [ "$generation $owner" = "$wanted $holder" ] || refuse
  echo "$wanted $holder" >"$base.draft" && sync "$base.draft" && mv -f "$base.draft" "$base.generation" || exit 1
  exec 9>&-
  echo ${HOLDING}
  while [ -n "$(timeout "$ttl" head -c 1 8>&-)" ]; do echo pong || exit 0; done ;;
esac
`;

/** Its name on a host; another text has another name, so versions do not disturb each other. */
export const GATE_FILE = `gate-${createHash("sha256").update(GATE_SCRIPT).digest("hex").slice(0, 12)}.sh`;
