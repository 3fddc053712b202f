/** Packages of Debian that gems need beside themselves when they run. */
export const RUBY_NATIVE: readonly { gems: readonly string[]; needs: readonly string[] }[] = [
  { gems: ["pg"], needs: ["libpq5"] },
  { gems: ["mysql2", "trilogy"], needs: ["libmariadb3"] },
  { gems: ["sqlite3"], needs: ["libsqlite3-0"] },
  { gems: ["image_processing", "ruby-vips"], needs: ["libvips"] },
  { gems: ["mini_magick", "rmagick"], needs: ["imagemagick"] },
  { gems: ["wicked_pdf", "pdfkit"], needs: ["wkhtmltopdf"] },
  { gems: ["grover", "ferrum"], needs: ["chromium"] },
  { gems: ["streamio-ffmpeg"], needs: ["ffmpeg"] },
  { gems: ["charlock_holmes"], needs: ["libicu-dev"] },
  { gems: ["curb", "typhoeus", "ethon"], needs: ["libcurl4"] },
  { gems: ["rtesseract"], needs: ["tesseract-ocr"] },
  { gems: ["tiny_tds"], needs: ["freetds-bin"] },
];
