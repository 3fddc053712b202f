import type { PlannedService } from "../../plan.ts";
import { imageVariable } from "../release.ts";

/**
 * Copies the images of a release into a registry whose tags cannot be moved. A run that is started again finds its images there; another
 * build of the same commit gets a tag of its own.
 */
export function copyImages(
  services: readonly PlannedService[],
  repository: (service: PlannedService) => string,
): string {
  return `# Tags of this registry cannot be moved: an image that is there already is left, and each build has a tag of its own.
copy() {
  digest=\${1##*@}
  if docker buildx imagetools inspect "$2@$digest" > /dev/null 2>&1; then return 0; fi
  docker buildx imagetools create --prefer-index=false \\
    --tag "$2:$RELEASE-$(printf '%.12s' "\${digest#sha256:}")" "$1"
}
${services.map((service) => `copy "$${imageVariable(service)}" "${repository(service)}"`).join("\n")}`;
}
