import { SaxesParser } from "saxes";
import type { Place, Problem } from "./document.ts";

/** An element of an XML file; names without their prefix. */
export interface XmlElement extends Place {
  name: string;
  attributes: Record<string, string>;
  /** Its own words, without those of its children. */
  text: string;
  children: XmlElement[];
}

export interface XmlDocument {
  root: XmlElement | undefined;
  problems: Problem[];
}

const MOST_DEPTH = 200;

/** Reads XML as far as it is well formed. Entities of the file itself are not replaced. */
export function parseXml(text: string): XmlDocument {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const problems: Problem[] = [];
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let start: Place = { line: 1, column: 1 };
  parser.on("error", ({ message }) => problems.push({ message, line: parser.line, column: parser.column + 1 }));
  parser.on("opentagstart", ({ name }) => {
    start = { line: parser.line, column: Math.max(1, parser.column - name.length) };
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: XmlElement = { name: local(name), attributes, text: "", children: [], ...start };
    if (open.length < MOST_DEPTH) open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const words = (part: string) => {
    const element = open.at(-1);
    if (element) element.text += part;
  };
  parser.on("text", words);
  parser.on("cdata", words);
  parser.on("closetag", () => {
    const element = open.pop();
    if (element) element.text = element.text.trim();
  });
  try {
    parser.write(text).close();
  } catch (error) {
    problems.push({ message: error instanceof Error ? error.message : "no XML", line: parser.line, column: 1 });
  }
  return { root, problems };
}

/** The elements at a path of names below an element: `at(project, "build", "plugins", "plugin")`. */
export function elementsAt(element: XmlElement | undefined, ...names: string[]): XmlElement[] {
  return names.reduce<XmlElement[]>(
    (at, name) => at.flatMap(({ children }) => children.filter((child) => child.name === name)),
    element ? [element] : [],
  );
}

/** The text of the first element at a path, if it is not blank. */
export function textAt(element: XmlElement | undefined, ...names: string[]): string | undefined {
  return elementsAt(element, ...names)[0]?.text || undefined;
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
