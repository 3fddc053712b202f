/**
 * The lowest TCP port that the last stage of a Dockerfile, or the stage `target`, exposes in figures; null where it says none. What
 * a stage has from the image it begins with is not in here.
 */
export function exposedIn(dockerfile: string, target?: string): number | null {
  const lines = dockerfile.replace(/\\\r?\n/g, " ").split("\n");
  let ports: number[] = [];
  let wanted = false;
  for (const line of lines) {
    const [, instruction = "", rest = ""] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    if (/^from$/i.test(instruction)) {
      if (wanted) break;
      ports = [];
      wanted = target !== undefined && (/\sas\s+(\S+)/i.exec(rest)?.[1] ?? "").toLowerCase() === target.toLowerCase();
    }
    if (/^expose$/i.test(instruction))
      ports.push(...[...rest.matchAll(/(?:^|\s)(\d+)(?:\/tcp)?(?=\s|$)/gi)].map(([, port]) => Number(port)));
  }
  return ports.length > 0 ? Math.min(...ports) : null;
}
