/** Packages of Debian that packages of PyPI need beside themselves when they run. */
export const PYTHON_NATIVE: readonly {
  packages: readonly string[];
  needs: readonly string[];
  /** Whether the wheels of PyPI bring what is needed on most machines. */
  isInWheel?: true;
}[] = [
  { packages: ["psycopg2"], needs: ["libpq5"] },
  { packages: ["psycopg"], needs: ["libpq5"] },
  { packages: ["mysqlclient"], needs: ["libmariadb3"] },
  { packages: ["pyodbc"], needs: ["unixodbc"] },
  { packages: ["python-ldap", "django-auth-ldap"], needs: ["libldap-2.5-0"] },
  { packages: ["ffmpeg-python", "pydub", "moviepy", "whisper", "openai-whisper", "yt-dlp"], needs: ["ffmpeg"] },
  {
    packages: ["weasyprint", "django-weasyprint"],
    needs: ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"],
  },
  { packages: ["opencv-python", "opencv-contrib-python"], needs: ["libgl1", "libglib2.0-0"] },
  { packages: ["python-magic"], needs: ["libmagic1"] },
  { packages: ["pdfkit", "imgkit"], needs: ["wkhtmltopdf"] },
  { packages: ["pytesseract", "tesserocr"], needs: ["tesseract-ocr"] },
  { packages: ["pdf2image"], needs: ["poppler-utils"] },
  { packages: ["pyzbar"], needs: ["libzbar0"] },
  { packages: ["cairosvg", "pycairo"], needs: ["libcairo2"] },
  { packages: ["graphviz", "pygraphviz"], needs: ["graphviz"] },
  { packages: ["wand"], needs: ["libmagickwand-6.q16-6"] },
  { packages: ["pysaml2", "python3-saml", "xmlsec"], needs: ["libxmlsec1", "xmlsec1"] },
  { packages: ["soundfile"], needs: ["libsndfile1"] },
  { packages: ["pyaudio"], needs: ["libportaudio2"] },
  { packages: ["gitpython"], needs: ["git"] },
  { packages: ["lightgbm", "xgboost"], needs: ["libgomp1"] },
  { packages: ["pillow"], needs: ["libjpeg62-turbo"], isInWheel: true },
  { packages: ["lxml"], needs: ["libxml2", "libxslt1.1"], isInWheel: true },
];
