#!/bin/sh
# Writes tests/data/song: ten seconds of one real song in every format that the page
# must judge alike. The WAV is unpacked from the FLAC by the tests.
# Needs ffmpeg (written with ffmpeg 5.1).
#
#     tests/data/make_song.sh dvaered1.ogg no-spam-polka.ogg
#
# The first is from the Debian package naev-data. Of the second, a song with a clear beat,
# twelve seconds go to tests/data/beat, whole and as 128 kbit/s MP3. Of a sample of the page that
# is surely calm, eight seconds go to tests/data/calm, small, to be broken in many ways.
set -eu

song=${1:?usage: tests/data/make_song.sh SONG BEAT}
beat=${2:?usage: tests/data/make_song.sh SONG BEAT}
to=$(dirname "$0")/song
mkdir -p "$to" "$to/../beat"

encode() {
    ffmpeg -v error -y -ss 40 -t 10 -i "$song" -map_metadata -1 -fflags +bitexact \
        -flags:a +bitexact -ar 44100 -ac 2 "$@"
}

encode -c:a flac -sample_fmt s16 -compression_level 12 "$to/song.flac"
encode -c:a libmp3lame -b:a 128k "$to/song.mp3"
encode -c:a libvorbis -q:a 4 "$to/song.ogg"
encode -c:a aac -b:a 128k "$to/song.m4a"

to=$to/../beat
exact='-map_metadata -1 -fflags +bitexact -flags:a +bitexact'
# shellcheck disable=SC2086 # several options
ffmpeg -v error -y -ss 10 -t 12 -i "$beat" $exact -ar 22050 -ac 1 \
    -c:a flac -sample_fmt s16 -compression_level 12 "$to/beat.flac"
# shellcheck disable=SC2086
ffmpeg -v error -y -i "$to/beat.flac" $exact -ar 44100 -c:a libmp3lame -b:a 128k "$to/beat.mp3"

to=$to/../calm
mkdir -p "$to"
# shellcheck disable=SC2086
ffmpeg -v error -y -ss 12 -t 8 -i "$to/../../../static/samples/highland-mist.ogg" $exact \
    -ar 22050 -ac 1 -c:a flac -sample_fmt s16 -compression_level 12 "$to/calm.flac"
for codec in "libmp3lame -b:a 64k mp3" "libvorbis -q:a 4 ogg" "aac -b:a 64k m4a"; do
    # shellcheck disable=SC2086
    ffmpeg -v error -y -i "$to/calm.flac" $exact -c:a ${codec% *} "$to/calm.${codec##* }"
done
