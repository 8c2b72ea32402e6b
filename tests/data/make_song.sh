#!/bin/sh
# Writes tests/data/song: ten seconds of one real song in every format that the page
# must judge alike. The WAV is unpacked from the FLAC by the tests.
# Needs ffmpeg (written with ffmpeg 5.1).
#
#     tests/data/make_song.sh dvaered1.ogg    (from the Debian package naev-data)
set -eu

song=${1:?usage: tests/data/make_song.sh SONG}
to=$(dirname "$0")/song
mkdir -p "$to"

encode() {
    ffmpeg -v error -y -ss 40 -t 10 -i "$song" -map_metadata -1 -fflags +bitexact \
        -flags:a +bitexact -ar 44100 -ac 2 "$@"
}

encode -c:a flac -sample_fmt s16 -compression_level 12 "$to/song.flac"
encode -c:a libmp3lame -b:a 128k "$to/song.mp3"
encode -c:a libvorbis -q:a 4 "$to/song.ogg"
encode -c:a aac -b:a 128k "$to/song.m4a"
