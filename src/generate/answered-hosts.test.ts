import { describe, expect, test } from "vitest";
import { memoryTree } from "../formats/tree.ts";
import { answeredHosts, withHosts } from "./answered-hosts.ts";
import type { AnsweredHosts } from "./plan.ts";
import { variable } from "./testing.ts";

const of = (files: Record<string, string>) =>
  answeredHosts({ framework: "django", path: ".", tree: memoryTree(files) });
const settings = (line: string) => of({ "shop/settings.py": `DEBUG = False\n${line}\nROOT_URLCONF = "shop.urls"\n` });

describe("the names that Django answers for", () => {
  test.each<[string, AnsweredHosts | null]>([
    [
      'ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost"])',
      { variable: "ALLOWED_HOSTS", separator: ",", hosts: ["localhost"] },
    ],
    [
      'ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(" ")',
      { variable: "DJANGO_ALLOWED_HOSTS", separator: " ", hosts: [] },
    ],
    ['ALLOWED_HOSTS = os.environ["HOSTS"].split()', { variable: "HOSTS", separator: " ", hosts: [] }],
    ["ALLOWED_HOSTS = config('ALLOWED_HOSTS', cast=Csv())", { variable: "ALLOWED_HOSTS", separator: ",", hosts: [] }],
    [
      'ALLOWED_HOSTS: list[str] = [\n    ".shop.example",\n    "shop.test",\n]',
      { variable: null, separator: ",", hosts: [".shop.example", "shop.test"] },
    ],
    ["ALLOWED_HOSTS = []", { variable: null, separator: ",", hosts: [] }],
    ['ALLOWED_HOSTS = ["*"]', null],
    ["ALLOWED_HOSTS = hosts_of_cluster()", null],
    ['# ALLOWED_HOSTS = ["shop.test"]', null],
  ])("%s", (line, expected) => expect(settings(line)).toEqual(expected));

  test("production goes before the base, development does not count", () => {
    const files = {
      "config/settings/base.py": 'ALLOWED_HOSTS = ["base.test"]\n',
      "config/settings/local.py": 'ALLOWED_HOSTS = ["*"]\n',
      "config/settings/production.py": 'ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["shop.test"])\n',
    };
    expect(of(files)).toEqual({ variable: "DJANGO_ALLOWED_HOSTS", separator: ",", hosts: ["shop.test"] });
  });

  test("other frameworks take any name", () =>
    expect(
      answeredHosts({ framework: "flask", path: ".", tree: memoryTree({ "settings.py": "ALLOWED_HOSTS = []\n" }) }),
    ).toBeNull());
});

describe("what the variable is", () => {
  const answered = { variable: "ALLOWED_HOSTS", separator: " ", hosts: [] };
  const read = [variable("ALLOWED_HOSTS", { required: false }), variable("TZ")];
  const [unknown] = withHosts(read, answered, null);
  const [known] = withHosts(read, answered, "shop.test");

  test("the domain and all below it, or what whoever runs it says", () => {
    expect(known).toMatchObject({ required: true, default: ".shop.test", decided: true });
    expect(unknown).toMatchObject({ required: true, default: null, working: "localhost 127.0.0.1" });
  });

  test("platforms that ask under names of their own", () =>
    expect(unknown?.on).toEqual({
      aws: "*",
      azure: "*",
      railway: "${{RAILWAY_PUBLIC_DOMAIN}} healthcheck.railway.app",
    }));

  test("what the manifest decided stays", () => {
    const decided = [variable("ALLOWED_HOSTS", { default: "own.test", decided: true })];
    expect(withHosts(decided, answered, null)).toEqual(decided);
  });

  test("a list of the code changes no variable", () =>
    expect(withHosts(read, { ...answered, variable: null }, null)).toEqual(read));
});
