/** Programs that compile, and are of no use to what was compiled. */
const TOOLS: ReadonlySet<string> = new Set(
  "build-essential cargo clang cmake g++ gcc libc6-dev make pkg-config protobuf-compiler python3 rustc".split(" "),
);

/** Libraries of Debian 12 with what compiling against them takes. */
const HEADERS: Record<string, readonly string[]> = {
  libcairo2: ["libcairo2-dev", "pkg-config"],
  libcurl4: ["libcurl4-openssl-dev"],
  "libgit2-1.5": ["libgit2-dev"],
  libicu72: ["libicu-dev"],
  "libldap-2.5-0": ["libldap2-dev", "libsasl2-dev"],
  "libmagickwand-6.q16-6": ["libmagickwand-dev"],
  libmariadb3: ["libmariadb-dev", "pkg-config"],
  libportaudio2: ["portaudio19-dev"],
  libpq5: ["libpq-dev"],
  libssl3: ["libssl-dev"],
  libtesseract5: ["libtesseract-dev"],
  libvips42: ["libvips-dev"],
  libxml2: ["libxml2-dev", "libxslt1-dev"],
  libxmlsec1: ["libxmlsec1-dev", "pkg-config"],
  unixodbc: ["unixodbc-dev"],
};
/** The same the other way round, with other names of the same. */
const LIBRARIES: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(HEADERS).flatMap(([library, headers]) => headers.map((name) => [name, library])),
  ),
  "default-libmysqlclient-dev": "libmariadb3",
};
/** What Alpine calls them. */
const ALPINE: Record<string, string> = {
  libfontconfig1: "fontconfig",
  "libjpeg62-turbo": "libjpeg-turbo",
  libpq5: "libpq",
  libsqlite3: "sqlite-libs",
};

/** What the stage that compiles needs, of the packages that a service needs. */
export function compiling(native: readonly string[]): string[] {
  return native.flatMap((name) => (TOOLS.has(name) || isHeader(name) ? [name] : (HEADERS[name] ?? [])));
}

/** What the program needs while it runs: libraries without compilers and headers. */
export function running(native: readonly string[]): string[] {
  return native.flatMap((name) => {
    if (TOOLS.has(name)) return [];
    // Where the library of the headers is not known they bring it.
    return isHeader(name) ? [LIBRARIES[name] ?? name] : [name];
  });
}

/** The same in an Alpine image. */
export function runningOnAlpine(native: readonly string[]): string[] {
  return running(native).map((name) => ALPINE[name] ?? name);
}

function isHeader(name: string): boolean {
  return name.endsWith("-dev");
}
