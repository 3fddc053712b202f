/** Where things are in the proxy's folder on the host. */
export function filesIn(folder: string) {
  return {
    /** All wanted routes; configuration and map are made from it. */
    state: `${folder}/routes.json`,
    config: `${folder}/haproxy.cfg`,
    /** A configuration that is still to be tested. */
    draft: `${folder}/haproxy.new.cfg`,
    /** Only opens ports, see `renderProbe`. */
    probe: `${folder}/probe.cfg`,
    nowhere: `${folder}/nowhere`,
    map: `${folder}/routes.map`,
    lua: `${folder}/hold.lua`,
    pid: `${folder}/haproxy.pid`,
    /** Starts the proxy and starts it again, see `keepScript`; for people too, after a reboot. */
    keep: `${folder}/keep.sh`,
    keeper: `${folder}/keep.pid`,
    /** Holds the listening sockets meanwhile, see `listenersScript`, and hands them over here. */
    holder: `${folder}/listeners.py`,
    listeners: `${folder}/listeners.sock`,
    /** What the proxy said since it was started. */
    log: `${folder}/haproxy.log`,
    /** The master process: answers for itself and for each worker, also those a reload has left running. */
    master: `${folder}/master.sock`,
    /** A new process takes the listening sockets over here. */
    worker: `${folder}/worker.sock`,
  };
}
