#!/bin/sh
# Makes the books beside this file from ../html/guide.md: Pandoc 3 (EPUB 3 and 2), LibreOffice. Run in this folder.
set -eu
cd ../html
pandoc guide.md -t epub3 -o ../epub/pandoc3.epub
pandoc guide.md -t epub2 -o ../epub/pandoc2.epub
pandoc guide.md -t odt -o ../epub/libreoffice.odt
cd ../epub
soffice --headless -env:UserInstallation=file:///tmp/footnote-make --convert-to epub --outdir . libreoffice.odt
rm -f libreoffice.odt
