/** Packages of Debian that packages of PyPI need beside themselves. */
export const PYTHON_NATIVE: readonly {
  packages: readonly string[];
  /** In the order of importance. */
  needs: readonly string[];
  /** Whether the wheels of PyPI bring what is needed on most machines. */
  isInWheel?: true;
}[] = [
  { packages: ["psycopg2"], needs: ["libpq-dev"] },
  { packages: ["psycopg"], needs: ["libpq5"] },
  { packages: ["mysqlclient"], needs: ["default-libmysqlclient-dev", "pkg-config"] },
  { packages: ["pyodbc"], needs: ["unixodbc"] },
  { packages: ["python-ldap", "django-auth-ldap"], needs: ["libldap2-dev", "libsasl2-dev"] },
  { packages: ["ffmpeg-python", "pydub", "moviepy", "whisper", "openai-whisper", "yt-dlp"], needs: ["ffmpeg"] },
  { packages: ["weasyprint", "django-weasyprint"], needs: ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"] },
  { packages: ["opencv-python", "opencv-contrib-python"], needs: ["libgl1", "libglib2.0-0"] },
  { packages: ["python-magic"], needs: ["libmagic1"] },
  { packages: ["pdfkit", "imgkit"], needs: ["wkhtmltopdf"] },
  { packages: ["pytesseract", "tesserocr"], needs: ["tesseract-ocr"] },
  { packages: ["pdf2image"], needs: ["poppler-utils"] },
  { packages: ["pyzbar"], needs: ["libzbar0"] },
  { packages: ["cairosvg", "pycairo"], needs: ["libcairo2"] },
  { packages: ["graphviz", "pygraphviz"], needs: ["graphviz"] },
  { packages: ["wand"], needs: ["libmagickwand-dev"] },
  { packages: ["pysaml2", "python3-saml", "xmlsec"], needs: ["libxmlsec1-dev", "xmlsec1"] },
  { packages: ["soundfile"], needs: ["libsndfile1"] },
  { packages: ["pyaudio"], needs: ["portaudio19-dev"] },
  { packages: ["gitpython"], needs: ["git"] },
  { packages: ["lightgbm", "xgboost"], needs: ["libgomp1"] },
  { packages: ["pillow"], needs: ["libjpeg-dev", "zlib1g-dev"], isInWheel: true },
  { packages: ["lxml"], needs: ["libxml2-dev", "libxslt1-dev"], isInWheel: true },
];
