import type { Tone } from "../view/states.ts";

/** One shape a tone: tick, ring in motion, triangle, cross, question. Decorative: the word beside it says the same. */
const SHAPES: Record<Tone, string> = {
  ok: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM5 8.2l2.1 2.1L11 6.2",
  busy: "M8 1.5a6.5 6.5 0 1 0 6.5 6.5M8 4.5V8l2.5 1.5",
  warn: "M8 1.8L14.7 13.8H1.3zM8 6.3v3.4M8 11.6v.4",
  bad: "M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6",
  idle: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM5 8h6",
};

export function Icon({ tone }: { tone: Tone }) {
  return (
    <svg className="icon" data-tone={tone} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={SHAPES[tone]} />
    </svg>
  );
}
