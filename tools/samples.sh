#!/bin/sh
# Cuts the page's sample songs out of longer recordings.
# Usage: tools/samples.sh DIRECTORY   (with the Vorbis files named below)
set -eu

from=${1:?usage: tools/samples.sh DIRECTORY}
to=$(dirname "$0")/../static/samples

# Name of the sample, recording, start and duration in seconds.
cut_sample() {
    ffmpeg -v error -y -ss "$3" -t "$4" -i "$from/$2" -map_metadata -1 -fflags +bitexact \
        -flags:a +bitexact -c:a libvorbis -q:a 5 "$to/$1.ogg"
}

cut_sample dried-tears wildfire-games--dried-tears.ogg 10 25
cut_sample highland-mist wildfire-games--highland-mist.ogg 10 25
cut_sample crystan-credits www-indiedb-com-memb--crystan-credits.ogg 16 25
cut_sample crystan-introsad ufoai-music--crystan-introsad.ogg 24 25
cut_sample taiko-1 wildfire-games--taiko-1.ogg 20 25
