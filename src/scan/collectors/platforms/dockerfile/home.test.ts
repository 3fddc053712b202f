import { expect, test } from "vitest";
import { toldBy } from "../testing.ts";

const FILES = {
  "requirements.txt": "flask\n",
  "src/main.py": "",
  "src/shop/wsgi.py": "",
};

test.each<[string, string, string]>([
  [
    "the contents of a folder",
    'COPY requirements.txt .\nCOPY src/ .\nCMD ["python", "main.py"]',
    "cd src && python main.py",
  ],
  ["with the whole path", "COPY ./src /app\nCMD gunicorn shop.wsgi:app", "cd src && gunicorn shop.wsgi:app"],
  ["a module", "COPY src ./\nCMD python -m shop.wsgi", "cd src && python -m shop.wsgi"],
  ["a folder of the whole", "COPY . .\nWORKDIR /app/src\nCMD python main.py", "cd src && python main.py"],
  ["the whole", "COPY . .\nCMD python main.py", "python main.py"],
  ["a folder under its own name", "COPY src src\nCMD python src/main.py", "python src/main.py"],
  ["a folder without the program", "COPY src/ .\nCMD python other.py", "python other.py"],
  ["two folders", "COPY src/ .\nCOPY src/shop .\nCMD python main.py", "python main.py"],
])("an image that works in %s", (_, rest, start) => {
  const files = { ...FILES, Dockerfile: `FROM python:3.12\nWORKDIR /app\n${rest}\n` };
  expect(toldBy(files)["."]?.facts).toMatchObject({ start });
});
