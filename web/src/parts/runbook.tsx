/** The page that says what to do. Only what a browser may open without harm becomes a link. */
export function Runbook({ address }: { address: string }) {
  if (!/^https?:\/\//i.test(address)) return address;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {address}
    </a>
  );
}
