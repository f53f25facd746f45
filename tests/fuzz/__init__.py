"""Rubbish for every parser and every command: each input ends in a clean result or in an error of one line.

``python -m tests.fuzz --inputs 10000`` makes sound inputs of every format (`seeds`), damages them (`mutate`, and
hypothesis in `strategies`), hands them to the commands and parsers (`entries`) in worker processes (`worker`, `pool`),
and holds what happens against what is promised (`judge`). An input follows from the seed and its number alone:
``--only NUMBER`` makes it again.
"""
