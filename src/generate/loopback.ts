import type { ScanReport } from "../contract/scan.ts";
import type { Finding } from "../lint/finding.ts";

/** Services that answer their own machine alone, each where the code says so, with the words that open them. In a container nobody else reaches them, while their own health check passes. */
export function loopbackFindings({ gaps }: Pick<ScanReport, "gaps">): Finding[] {
  return gaps
    .filter(({ id }) => id === "loopback-bind")
    .flatMap(({ service, evidence: [first], patch }) => {
      if (!first) return [];
      const words = patch?.text.trim().replace(/\s*\n\s*/g, " ");
      const mend = words === undefined ? "" : `: listen on 0.0.0.0, such as \`${words}\``;
      const message = `${service} listens on the loopback address, so nothing outside its container reaches it, while its own health check passes${mend}`;
      return [{ rule: "loopback-bind", severity: "warning" as const, file: first.file, line: first.line, message }];
    });
}

const CONTAINER_FILE =
  /(?:^|\/)(?:(?:Docker|Container)file(?:\.[\w-]+)?|[\w-]+\.Dockerfile|(?:docker-)?compose(?:\.[\w-]+)*\.ya?ml)$/;

/** Whether anything in a repository puts its programs into containers. */
export function hasContainers(paths: readonly string[]): boolean {
  return paths.some((path) => CONTAINER_FILE.test(path));
}
