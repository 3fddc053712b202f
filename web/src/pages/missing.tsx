import { Heading } from "../parts/heading.tsx";
import { Link } from "../router.tsx";

export function MissingPage({ what = "page at this address" }: { what?: string }) {
  return (
    <>
      <Heading title="Not found" lead={`There is no ${what}.`} />
      <p>
        <Link href="/">Go to the overview</Link>
      </p>
    </>
  );
}
