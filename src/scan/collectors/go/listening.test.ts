import { expect, test } from "vitest";
import { factsIn, type Repository, servicesIn } from "../compiled/testing.ts";
import { http, program, requires } from "./testing.ts";

const beego: Repository = {
  "go.mod": requires("github.com/beego/beego/v2 v2.1.4"),
  "main.go": program(["github.com/beego/beego/v2/server/web"], "web.Run()"),
};

test.each<[string, Repository, Record<string, unknown>]>([
  [
    "the settings of Beego",
    { ...beego, "conf/app.conf": "appname = shop\nhttpport = 9300\n" },
    { framework: "beego", port: 9300 },
  ],
  ["what Beego takes by itself", beego, { framework: "beego", port: 8080 }],
  [
    "the settings of go-zero",
    {
      "go.mod": requires("github.com/zeromicro/go-zero v1.6.0"),
      "main.go": program(["github.com/zeromicro/go-zero/rest"], "rest.MustNewServer(c.RestConf).Start()"),
      "etc/shop-api.yaml": "Name: shop\nHost: 0.0.0.0\nPort: 8889\n",
    },
    { framework: "go-zero", port: 8889 },
  ],
  [
    "a sample, where the code has no port",
    { ...http('http.ListenAndServe(":"+os.Getenv("PORT"), nil)'), ".env.example": "PORT=9400\n" },
    { port: 9400 },
  ],
  [
    "a sample of the configuration",
    {
      ...http("http.ListenAndServe(c.Address, nil)"),
      "config.toml.sample": '[app]\naddress = "localhost:9000"\n[db]\nport = 5432\n',
    },
    { port: 9000 },
  ],
  [
    "the configuration of Kratos",
    {
      ...http("http.ListenAndServe(c.Address, nil)"),
      "configs/config.yaml": "server:\n  http:\n    addr: 0.0.0.0:8010\n  grpc:\n    addr: 0.0.0.0:9000\n",
    },
    { port: 8010 },
  ],
  [
    "the configuration before its sample",
    {
      ...http("http.ListenAndServe(c.Address, nil)"),
      "config.yml": "http:\n  port: 9010\n",
      "config.example.yml": "http:\n  port: 9020\n",
    },
    { port: 9010 },
  ],
  [
    "the code before a sample",
    { ...http('port := getEnv("PORT", "9100")\nhttp.ListenAndServe(":"+port, nil)'), ".env.example": "PORT=9400\n" },
    { port: 9100 },
  ],
  [
    "a flag",
    http('addr := flag.String("addr", ":4000", "HTTP network address")\nhttp.ListenAndServe(*addr, nil)'),
    { port: 4000 },
  ],
  [
    "a flag of a field",
    http(
      'flag.IntVar(&cfg.port, "port", 4100, "API server port")\nhttp.ListenAndServe(fmt.Sprintf(":%d", cfg.port), nil)',
    ),
    { port: 4100 },
  ],
  [
    "a helper for the environment",
    http('port := getEnv("PORT", "9100")\nhttp.ListenAndServe(":"+port, nil)'),
    { port: 9100 },
  ],
  [
    "a variable that is looked at later",
    http(
      'portRaw := os.Getenv("PORT")\ntimeout = 30\nif portRaw == "" {\n\tportRaw = "9150"\n}\nhttp.ListenAndServe(":"+portRaw, nil)',
    ),
    { port: 9150 },
  ],
  [
    "no default of the variable",
    http('n := os.Getenv("PORT")\nlimit = 3000\nhttp.ListenAndServe(":"+n, nil)'),
    { port: 8080 },
  ],
  ["cmp.Or", http('port := cmp.Or(os.Getenv("PORT"), "9200")\nhttp.ListenAndServe(":"+port, nil)'), { port: 9200 }],
  ["viper", http('viper.SetDefault("server.port", 9300)\nhttp.ListenAndServe(addr(), nil)'), { port: 9300 }],
  [
    "a tag of a struct",
    http(
      'var cfg struct {\n\tDBPort int `envconfig:"DB_PORT" default:"5433"`\n\tPort int `envconfig:"PORT" default:"9400"`\n}\nhttp.ListenAndServe(cfg.Addr(), nil)',
    ),
    { port: 9400 },
  ],
  [
    "a tag of another library",
    http('type Config struct {\n\tPort string `env:"PORT" envDefault:"9500"`\n}\nhttp.ListenAndServe(a, nil)'),
    { port: 9500 },
  ],
  ["a constant", http('const defaultPort = "9600"\nhttp.ListenAndServe(":"+defaultPort, nil)'), { port: 9600 }],
  [
    "a comment is no port",
    http('// http.ListenAndServe(":1111", nil)\n/* r.Run(":2222") */\nhttp.ListenAndServe(":3333", nil)'),
    { port: 3333 },
  ],
  [
    "metrics and profiles lie beside",
    http(
      'go http.ListenAndServe(":6060", pprofMux)\ngo http.ListenAndServe(":9090", metricsHandler)\nhttp.ListenAndServe(":8088", nil)',
    ),
    { port: 8088 },
  ],
  [
    "a store's port is not its own",
    http('redis.NewClient(&redis.Options{Addr: "localhost:6379"})\nhttp.ListenAndServe(":8089", nil)'),
    { port: 8089 },
  ],
  [
    "a configuration file",
    {
      ...http("http.ListenAndServe(config.Address(), nil)"),
      "config/config.yaml": "database:\n  port: 5432\nserver:\n  port: 9700\n",
    },
    { port: 9700 },
  ],
  ["no literal: the habit alone", http("http.ListenAndServe(os.Args[1], nil)"), { port: 8080 }],
])("%s", (_, files, expected) => {
  expect(factsIn(files, Object.keys(expected))).toEqual(expected);
});

test("the port of a sample goes before the habit of the language", () => {
  const files = { ...http('http.ListenAndServe(":"+os.Getenv("PORT"), nil)'), ".env.example": "PORT=9400\n" };
  expect(servicesIn(files).shop).toMatchObject({ port: 9400 });
});
