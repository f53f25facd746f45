"""``lightdiar features``: MFCC, pitch and voicing of a file."""

from pathlib import Path

from lightdiar.common.commandline import show

SUMMARY = "write 24 MFCC, pitch (Hz) and voicing strength of every 10 ms"


def add_arguments(parser):
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT", help="a .npz or .csv file")
    parser.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")


def run(arguments):
    """Write the MFCC, pitch and voicing of a file."""
    import numpy as np

    from lightdiar.common.files import check_output, replacing
    from lightdiar.io.audio import blocks
    from lightdiar.signal.frontend import GRID, analyse

    if arguments.out.suffix not in (".npz", ".csv"):
        raise ValueError(f"--out {arguments.out}: the name must end in .npz or .csv.")
    check_output(arguments.out, inputs=[arguments.file], overwrite=arguments.overwrite)
    analysis = analyse(blocks(arguments.file))
    times = GRID.times(len(analysis))
    with replacing(arguments.out) as file:
        if arguments.out.suffix == ".npz":
            np.savez(file, times=times, mfcc=analysis.mfcc, f0=analysis.f0, strength=analysis.strength)
        else:
            columns = ["time", "f0", "strength", *(f"mfcc_{k}" for k in range(analysis.mfcc.shape[1]))]
            file.write((",".join(columns) + "\n").encode())
            for part in np.array_split(np.arange(len(times)), 1 + len(times) // 10_000):
                table = np.column_stack([times[part], analysis.f0[part], analysis.strength[part], analysis.mfcc[part]])
                np.savetxt(file, table, fmt="%.5g", delimiter=",")
    show(f"{arguments.out}: {len(analysis)} frames of {GRID.step} s")
