/**
 * Which living units a restart may touch: the sick ones, a quarter of all at most but one at least; where none is sick, as when only
 * users see the failure, that many of all. Where none is well there is none to spare: all of them.
 */
export function blastRadius<T>(units: readonly T[], sick: readonly T[]): T[] {
  if (sick.length === units.length) return [...sick];
  const most = Math.max(1, Math.floor(units.length / 4));
  return (sick.length > 0 ? sick : units).slice(0, most);
}
