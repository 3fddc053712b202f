type Values = ArrayLike<number | null | undefined>;

/** Whether the value at `index` has none beside it, so that no line reaches it. */
export function isAlone(values: Values, index: number): boolean {
  return values[index] != null && values[index - 1] == null && values[index + 1] == null;
}

/** Where values stand alone. */
export function aloneIn(values: Values): number[] {
  return Array.from(values, (_, index) => index).filter((index) => isAlone(values, index));
}
