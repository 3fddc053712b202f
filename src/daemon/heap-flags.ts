/**
 * A flag of V8 that may be set while it runs: the heap grows by half of what is in use until the next collection, where V8 lets a
 * small heap quadruple. What thousands of checks leave behind every few seconds is then taken away before it is much.
 */
export const HEAP_GROWTH = "--heap-growing-percent=50";
