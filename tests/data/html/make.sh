#!/bin/sh
# Makes the pages in made/ from guide.md and pages/: Pandoc 3, LibreOffice, Chromium. Run in this folder.
set -eu
mkdir -p made
pandoc guide.md -s -o made/pandoc.html
pandoc guide.md -t odt -o guide.odt
soffice --headless -env:UserInstallation=file:///tmp/footnote-make --convert-to "html:HTML (StarWriter)" --outdir . guide.odt
mv guide.html made/libreoffice.html
chromium --headless --no-sandbox --disable-gpu --dump-dom "file://$PWD/pages/broken.html" > made/chromium.html
rm -f guide.odt guide_html_*.png
