"""``lightdiar manifest``: which recordings a data set has, in a table that other commands take."""

from pathlib import Path

from lightdiar.common.commandline import show, show_text

SUMMARY = "list the recordings of a data set, such as LibriSpeech or VoxConverse, for train, trials, tune and corpus"


def add_arguments(parser):
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the data set is, laid out as it comes")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="CSV",
        help="the manifest; what has to be unpacked goes into a folder of its name",
    )
    parser.add_argument(
        "--kind",
        metavar="NAME",
        help="what it is, if that cannot be seen: librispeech, voxceleb, commonvoice, timit, ami, parquet, "
        "conversations, people or films",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace CSV if it exists")


def run(arguments):
    """Write the manifest, and say what is in it and what has no place."""
    from lightdiar.common.files import check_output
    from lightdiar.datasets.manifest import manifest

    out = arguments.out
    if out.suffix.lower() != ".csv":
        raise ValueError(f"--out {out}: name a .csv file.")
    check_output(out, overwrite=arguments.overwrite)
    extract = out.with_suffix("")
    found = manifest(arguments.folder, kind=arguments.kind, extract=extract)
    found.to_csv(out)
    show_text(found)
    if any(extract == path.parent for row in found.rows for path in (row.path, getattr(row, "rttm", row.path))):
        show(f"{extract}: sounds and turns, unpacked")
    show(f"{out}: written")
