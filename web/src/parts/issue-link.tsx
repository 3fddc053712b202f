/** The issue on GitHub that shows something; a dash where there is none. */
export function IssueLink({ issue }: { issue: { number: number; url: string } | undefined }) {
  if (!issue) return <span className="muted">–</span>;
  return (
    <a href={issue.url} target="_blank" rel="noreferrer">
      #{issue.number}
    </a>
  );
}
