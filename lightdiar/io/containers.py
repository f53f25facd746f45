"""What ffmpeg and ffprobe may open: one file, of a format that holds sound itself."""

import os

FORMATS = (  # ffmpeg's names of what it may open; playlists and image sequences, which name other files, are not here
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,ast,au,avi,caf,dsf,dts,dtshd,dv,eac3,flac,flv,g722,gsm,gxf,iff,ircam,ivf,"
    "loas,matroska,mlp,mov,mp3,mpc,mpc8,mpeg,mpegts,mxf,nistsphere,nut,ogg,oma,rm,sds,shn,sox,spdif,swf,tak,truehd,tta,"
    "voc,vqf,w64,wav,webm,wtv,wv,xa,xwma"
)
_LARGEST_BLOCK = 256_000_000  # bytes that ffmpeg may ask for at once


def to_open(full_path: os.PathLike, *place: str) -> list[str]:
    """Arguments that open a file, given by its absolute path, with those in front that tell where in it to begin."""
    limits = ["-max_alloc", str(_LARGEST_BLOCK), "-protocol_whitelist", "file", "-format_whitelist", FORMATS]
    return [*limits, *place, "-i", f"file:{full_path}"]
