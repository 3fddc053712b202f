/** What git is given for the manifest's `repository`: `owner/name` is on GitHub, everything else is an address already. */
export function gitAddress(repository: string): string {
  return /^[\w.-]+\/[\w.-]+$/.test(repository) ? `https://github.com/${repository}.git` : repository;
}
