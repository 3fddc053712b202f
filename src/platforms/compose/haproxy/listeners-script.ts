import { filesIn } from "./files.ts";

/** How long the ports of a proxy that does not come back stay open; from then on a connection is refused at once. */
const GIVEN_UP_S = 30;
/** It holds nothing from `release` on to `refresh`, or so long. */
const ASLEEP_S = 30;
/** Between two looks; while there is nobody to ask, or another one has just got the sockets, there are many. */
const PAUSE_S = { sure: 5, unsure: 0.1 };

/**
 * What runs beside the proxy on a host and holds its listening sockets too, so that the connections of the moment in which a killed
 * proxy is started again wait in the kernel instead of being refused. It asks the running proxy for the sockets as a new HAProxy
 * asks the old one (`_getsocks`, `expose-fd listeners`), and answers the same question of the next proxy, which is started with
 * `-x`. Python, as sockets go from process to process in `SCM_RIGHTS` messages, which neither sh nor HAProxy's Lua can send; 3.5
 * will do. `$1` is the process id of the keeper: it ends with it, with code 0.
 *
 * Each message has for every socket the length and name of its network namespace, the same of its interface, and 4 unused bytes.
 */
export function listenersScript(folder: string): string {
  const { worker, listeners } = filesIn(folder);
  return `# Holds the proxy's listening sockets while it is started again. Written by Stationmaster.
import array, os, select, socket, struct, sys, time

MOST = 200


def length_of(record):
    end = 1 + record[0]
    return end + 1 + record[end] + 4


def listeners_of(proxy):
    proxy.sendall(b"_getsocks\\n")
    (count,) = struct.unpack("i", proxy.recv(4))
    found = []
    while len(found) < count:
        fds = array.array("i")
        data, controls, _, _ = proxy.recvmsg(1 << 20, socket.CMSG_SPACE(253 * fds.itemsize))
        for _, _, sent in controls:
            fds.frombytes(sent[: len(sent) - len(sent) % fds.itemsize])
        sockets = [socket.socket(fileno=fd) for fd in fds]
        if not sockets:
            raise OSError("cut off")
        for each in sockets:
            length = length_of(data)
            found.append((data[:length], each))
            data = data[length:]
        try:
            proxy.sendall(struct.pack("i", len(found)))
        except OSError:
            # Up to 2.7 it does not wait for the last one.
            pass
    # One that has a path is bound anew by each proxy.
    return [(record, each) for record, each in found if not str(each.getsockname()).startswith("/")]


def hand_over(held, proxy):
    proxy.sendall(struct.pack("i", len(held)))
    for at in range(0, len(held), MOST):
        some = held[at : at + MOST]
        fds = array.array("i", [each.fileno() for _, each in some])
        proxy.sendmsg([b"".join(record for record, _ in some)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        proxy.recv(4)


def is_there(keeper):
    try:
        return os.pread(keeper, 4096, 0).rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except OSError:
        return False


held, seen, due = [], time.monotonic(), 0.0


def look():
    global held, seen, due
    try:
        with socket.socket(socket.AF_UNIX) as proxy:
            proxy.settimeout(2)
            proxy.connect(${JSON.stringify(worker)})
            held = listeners_of(proxy)
    except (OSError, IndexError, struct.error):
        if time.monotonic() - seen > ${GIVEN_UP_S}:
            held = []
        due = time.monotonic() + ${PAUSE_S.unsure}
        return b"stale"
    seen = time.monotonic()
    due = seen + ${PAUSE_S.sure}
    return b"%d listeners" % len(held)


def answer(client):
    global held, due
    client.settimeout(2)
    said = client.recv(64).strip()
    if said == b"_getsocks":
        hand_over(held, client)
        due = 0
    elif said == b"release":
        held, due = [], time.monotonic() + ${ASLEEP_S}
        client.sendall(b"released\\n")
    elif said == b"refresh":
        client.sendall(look() + b"\\n")


try:
    keeper = os.open("/proc/%d/stat" % int(sys.argv[1]), os.O_RDONLY)
except FileNotFoundError:
    sys.exit(0)
place = ${JSON.stringify(listeners)}
if os.path.lexists(place):
    os.unlink(place)
os.umask(0o177)
server = socket.socket(socket.AF_UNIX)
server.bind(place)
server.listen(8)
while is_there(keeper):
    if select.select([server], [], [], min(1, max(0, due - time.monotonic())))[0]:
        try:
            with server.accept()[0] as client:
                answer(client)
        except OSError:
            pass
    if time.monotonic() >= due:
        look()
`;
}
