import { type Block, blocksOf, spansOf } from "../view/markdown.ts";

/** A report for people. The text becomes elements one by one: nothing in it can be markup. */
export function Markdown({ text }: { text: string }) {
  const blocks = blocksOf(text);
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no name, and equal ones may follow each other.
        <BlockView key={index} block={block} title={titleBefore(blocks, index)} />
      ))}
    </div>
  );
}

/** The heading that a block stands under. */
function titleBefore(blocks: readonly Block[], index: number): string {
  const heading = blocks.slice(0, index).findLast((block) => block.kind === "heading");
  return heading?.kind === "heading"
    ? spansOf(heading.text)
        .map((span) => span.text)
        .join("")
    : "Report";
}

function BlockView({ block, title }: { block: Block; title: string }) {
  switch (block.kind) {
    case "heading":
      return block.level <= 2 ? <h2>{<Line text={block.text} />}</h2> : <h3>{<Line text={block.text} />}</h3>;
    case "text":
      return (
        <p>
          <Line text={block.text} />
        </p>
      );
    case "list":
      return (
        <ul>
          {block.items.map(({ depth, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: items have no name, and equal ones may follow each other.
            <li key={index} data-depth={depth}>
              <Line text={text} />
            </li>
          ))}
        </ul>
      );
    case "table":
      return <Table title={title} head={block.head} rows={block.rows} />;
  }
}

interface TableProps {
  title: string;
  head: readonly string[];
  rows: readonly string[][];
}

function Table({ title, head, rows }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="scrolls" aria-label={title} tabIndex={0}>
      <table className="plain-table">
        <caption className="hidden">{title}</caption>
        <thead>
          <tr>
            {head.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place.
              <th key={index} scope="col">
                <Line text={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their place.
            <tr key={index}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place.
                <td key={column}>
                  <Line text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Line({ text }: { text: string }) {
  return spansOf(text).map((span, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line keep their place.
    span.strong ? <strong key={index}>{span.text}</strong> : span.text,
  );
}
