import { clock, plain } from "../view/format.ts";

/** Arbitrary facts as label and text; nested values as JSON text. */
export function Payload({ facts }: { facts: Record<string, unknown> }) {
  return (
    <dl className="payload">
      {Object.entries(facts).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{name === "until" && typeof value === "number" ? clock(value) : plain(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
