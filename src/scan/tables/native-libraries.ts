import type { Ecosystem } from "../declared/dependency.ts";

/** Packages of Debian that packages of an ecosystem need beside themselves. */
export const NATIVE_LIBRARIES: readonly { ecosystem: Ecosystem; packages: string; needs: string; without?: string }[] =
  [
    {
      ecosystem: "npm",
      packages: "puppeteer puppeteer-core playwright playwright-core playwright-chromium puppeteer-cluster",
      needs: "chromium",
      without: "@sparticuz/chromium",
    },
    { ecosystem: "npm", packages: "fluent-ffmpeg", needs: "ffmpeg", without: "ffmpeg-static @ffmpeg-installer/ffmpeg" },
    { ecosystem: "npm", packages: "gm", needs: "graphicsmagick" },
    { ecosystem: "npm", packages: "imagemagick imagemagick-native easyimage", needs: "imagemagick" },
    { ecosystem: "npm", packages: "pdf2pic", needs: "graphicsmagick ghostscript" },
    { ecosystem: "npm", packages: "pdf-poppler node-poppler", needs: "poppler-utils" },
    { ecosystem: "npm", packages: "wkhtmltopdf", needs: "wkhtmltopdf" },
    { ecosystem: "npm", packages: "libreoffice-convert", needs: "libreoffice" },
    { ecosystem: "npm", packages: "node-tesseract-ocr", needs: "tesseract-ocr" },
    { ecosystem: "npm", packages: "simple-git nodegit", needs: "git" },
    { ecosystem: "npm", packages: "pg-native libpq", needs: "libpq-dev python3 make g++" },
    {
      ecosystem: "npm",
      packages: "canvas@1 canvas-prebuilt",
      needs: "libcairo2 libpango-1.0-0 libjpeg62-turbo libgif7",
    },
    {
      ecosystem: "npm",
      packages:
        "node-rdkafka zeromq@5 node-sass sodium-native@2 bcrypt@3 bcrypt@4 sqlite3@4 libxmljs kerberos ibm_db odbc node-expat re2 microtime",
      needs: "python3 make g++",
    },
    { ecosystem: "npm", packages: "oracledb@5", needs: "libaio1" },
    {
      ecosystem: "go",
      packages:
        "github.com/mattn/go-sqlite3 github.com/confluentinc/confluent-kafka-go github.com/godror/godror gorm.io/driver/sqlite",
      needs: "gcc libc6-dev",
    },
    {
      ecosystem: "go",
      packages: "github.com/davidbyttow/govips github.com/h2non/bimg",
      needs: "libvips-dev pkg-config",
    },
    {
      ecosystem: "go",
      packages: "gopkg.in/gographics/imagick.v3 gopkg.in/gographics/imagick.v2",
      needs: "libmagickwand-dev pkg-config",
    },
    { ecosystem: "go", packages: "github.com/otiai10/gosseract", needs: "libtesseract-dev tesseract-ocr" },
    { ecosystem: "go", packages: "gocv.io/x/gocv", needs: "libopencv-dev" },
    { ecosystem: "go", packages: "github.com/chromedp/chromedp github.com/go-rod/rod", needs: "chromium" },
    { ecosystem: "go", packages: "github.com/libgit2/git2go", needs: "libgit2-dev pkg-config" },
    { ecosystem: "cargo", packages: "prost-build tonic-build", needs: "protobuf-compiler" },
    { ecosystem: "cargo", packages: "rdkafka", needs: "cmake" },
    { ecosystem: "cargo", packages: "magick_rust", needs: "libmagickwand-dev" },
    { ecosystem: "cargo", packages: "opencv", needs: "libopencv-dev clang" },
    { ecosystem: "cargo", packages: "headless_chrome chromiumoxide", needs: "chromium" },
    { ecosystem: "maven", packages: "net.sourceforge.tess4j:tess4j", needs: "tesseract-ocr" },
    { ecosystem: "maven", packages: "com.microsoft.playwright:playwright", needs: "chromium" },
    { ecosystem: "nuget", packages: "system.drawing.common", needs: "libgdiplus" },
    {
      ecosystem: "nuget",
      packages: "skiasharp",
      needs: "libfontconfig1",
      without: "skiasharp.nativeassets.linux.nodependencies",
    },
    { ecosystem: "nuget", packages: "puppeteersharp microsoft.playwright", needs: "chromium" },
    { ecosystem: "hex", packages: "chromic_pdf", needs: "chromium" },
    { ecosystem: "hex", packages: "pdf_generator", needs: "wkhtmltopdf" },
    { ecosystem: "hex", packages: "mogrify", needs: "imagemagick" },
  ];

/** Crates that link to libraries of the system, by the lockfile; `without` are those that bring the library. */
export const LINKED_CRATES: readonly { crate: string; needs: string; without: string }[] = [
  { crate: "openssl-sys", needs: "libssl-dev pkg-config", without: "openssl-src" },
  { crate: "pq-sys", needs: "libpq-dev", without: "pq-src" },
  { crate: "mysqlclient-sys", needs: "default-libmysqlclient-dev", without: "mysqlclient-src" },
];

/** Programs that code starts, and the packages that have them. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  ffmpeg: "ffmpeg",
  ffprobe: "ffmpeg",
  convert: "imagemagick",
  magick: "imagemagick",
  gs: "ghostscript",
  pdftotext: "poppler-utils",
  pdftoppm: "poppler-utils",
  wkhtmltopdf: "wkhtmltopdf",
  soffice: "libreoffice",
  libreoffice: "libreoffice",
  tesseract: "tesseract-ocr",
  pandoc: "pandoc",
  pg_dump: "postgresql-client",
  psql: "postgresql-client",
  mysqldump: "default-mysql-client",
  exiftool: "libimage-exiftool-perl",
  graphviz: "graphviz",
  "yt-dlp": "yt-dlp",
};
