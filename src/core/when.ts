/** A time (ISO, or epoch ms) for people, with the zone it is in: `2026-03-01 12:00:05 UTC`. */
export function utcSecond(at: string | number): string {
  return `${spaced(at).slice(0, 19)} UTC`;
}

/** A time (ISO, or epoch ms) where the second says nothing: `2026-03-01 12:00 UTC`. */
export function utcMinute(at: string | number): string {
  return `${spaced(at).slice(0, 16)} UTC`;
}

function spaced(at: string | number): string {
  return new Date(at).toISOString().replace("T", " ");
}
