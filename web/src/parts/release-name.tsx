/** The name of a release; one too long for its place is cut and shows in full on hover. */
export function ReleaseName({ name }: { name: string }) {
  return (
    <span className="release" title={name}>
      {name}
    </span>
  );
}
