import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Instruction, printDockerfile, type Stage } from "./print.ts";
import { readDockerfile } from "./read.ts";

const word = fc.stringMatching(/^[a-z0-9][\w./:@=-]{0,11}$/);
const sentence = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(" "));
const anything = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((text) => /^\S(?:.*\S)?$/.test(text));
const comment = fc.option(sentence, { nil: undefined });

const instruction: fc.Arbitrary<Instruction> = fc
  .record({
    keyword: fc.constantFrom("RUN", "CMD", "ENTRYPOINT"),
    value: fc.oneof(
      fc.array(sentence, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n&& ")),
      fc.array(anything, { minLength: 1, maxLength: 4 }),
    ),
    comment,
  })
  .map(({ comment: said, ...rest }) => (said === undefined ? rest : { ...rest, comment: said }));
const stage: fc.Arbitrary<Stage> = fc
  .record({
    image: fc.stringMatching(/^[a-z][a-z0-9]{0,8}(?::[a-z0-9.-]{1,8})?$/),
    instructions: fc.array(instruction, { maxLength: 5 }),
  })
  .map((made) => made);

/** What a reader of Dockerfiles takes from the text, as the printer was given it. */
function readAgain(text: string): { image: string; name: string | null; instructions: [string, unknown][] }[] {
  return readDockerfile(text).stages.map(({ image, name, instructions }) => ({
    image,
    name,
    instructions: instructions.map(({ keyword, exec, argument }) => [keyword, exec ?? argument.replace(/\s+/g, " ")]),
  }));
}

describe("what is printed", () => {
  test("reads as what it was made of", () => {
    fc.assert(
      fc.property(
        fc.array(stage, { minLength: 1, maxLength: 4 }),
        fc.array(sentence, { maxLength: 2 }),
        (made, header) => {
          const stages = made.map((item, index) => ({ ...item, name: `stage${index}` }));
          const text = printDockerfile(stages, header);
          expect(readDockerfile(text).problems).toEqual([]);
          expect(readAgain(text)).toEqual(
            stages.map(({ image, name, instructions }) => ({
              image,
              name,
              instructions: instructions.map(({ keyword, value }) => [
                keyword,
                typeof value === "string" ? value.replace(/\s+/g, " ") : [...value],
              ]),
            })),
          );
        },
      ),
    );
  });

  test("has comments above what they are about, and a blank line between stages", () => {
    const text = printDockerfile(
      [
        { image: "node:24", name: "build", instructions: [{ keyword: "RUN", value: "a\n&& b", comment: "why" }] },
        { image: "node:24", comment: "the last", instructions: [{ keyword: "CMD", value: ["node", 'say "hi"'] }] },
      ],
      ["Image of shop"],
    );
    expect(text).toBe(
      '# Image of shop\n\nFROM node:24 AS build\n# why\nRUN a \\\n    && b\n\n# the last\nFROM node:24\nCMD ["node", "say \\"hi\\""]\n',
    );
  });
});
