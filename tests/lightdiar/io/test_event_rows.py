import pytest

from lightdiar.errors import FormatError
from lightdiar.io.event_rows import event_rows


def rows(path):
    return [row for _, _, row in event_rows(path)]


FULL = {"recording": "a.wav", "scene": "street", "onset": "0.5", "offset": "2", "label": "car"}


@pytest.mark.parametrize(
    ("line", "left_out"),
    [
        ("a.wav\tstreet\t0.5\t2\tcar", ()),
        ("a.wav\tstreet\t0.5\t2\tcar\tm\ta099", ()),
        ("a.wav\t 0.5\t 2\tcar", ("scene",)),
        ("0.5\t2\tcar", ("recording", "scene")),
        ("a.wav\tstreet", ("onset", "offset", "label")),
        ("a.wav", ("scene", "onset", "offset", "label")),
        ("a.wav\tstreet\t0.5\t2", ("label",)),
        ("a.wav\t0.5\t2", ("scene", "label")),
        ("0.5\t2", ("recording", "scene", "label")),
    ],
)
@pytest.mark.parametrize("separator", ["\t", ",", ";", "  "])
def test_fields_are_known_by_their_numbers_whatever_separates_them(text_file, line, left_out, separator):
    if separator == "  ":  # what follows the label is part of it
        line = line.removesuffix("\tm\ta099")
    path = text_file(line.replace("\t", separator) + "\n")
    assert rows(path) == [{name: text for name, text in FULL.items() if name not in left_out}]


def test_numbers_may_be_names_and_names_may_be_numbers(text_file):
    path = text_file("7\t0.5\t2\t3\n7\t8\t0.5\t2\t3\n0.5\t2\tcar\t0.9\n")
    assert [(row.get("recording"), row.get("scene")) for row in rows(path)] == [("7", None), ("7", "8"), (None, None)]
    assert [(row["onset"], row["label"]) for row in rows(path)] == [("0.5", "3"), ("0.5", "3"), ("0.5", "car")]


def test_signs_in_labels_separate_nothing(text_file):
    assert rows(text_file("a.wav\t0\t1\tAir horn, truck; horn\n"))[0]["label"] == "Air horn, truck; horn"
    assert rows(text_file("0.1 2.0 Air horn, truck horn\n"))[0]["label"] == "Air horn, truck horn"
    assert rows(text_file('"a, b.wav",0,1,"say ""hi"""\n')) == [
        {"recording": "a, b.wav", "onset": "0", "offset": "1", "label": 'say "hi"'}
    ]


def test_names_of_files_alone_may_hold_any_sign(text_file):
    names = ["my own file.wav", "rain, loud; and wind.flac", "a.wav"]
    assert rows(text_file("\n".join(names))) == [{"recording": name} for name in names]


def test_decimal_commas_where_no_comma_separates(text_file):
    assert rows(text_file("a.wav;0,5;1,25;a,b\n")) == [
        {"recording": "a.wav", "onset": "0.5", "offset": "1.25", "label": "a,b"}
    ]
    assert rows(text_file("0,5\t1,25\tcar\n")) == [{"onset": "0.5", "offset": "1.25", "label": "car"}]


def test_a_header_puts_columns_in_any_order(text_file):
    text = "Label,kind,END,start,File\ncar,x,2,0.5,a.wav\n,,,,b.wav\n,,,,\n"
    assert rows(text_file(text)) == [
        {"label": "car", "offset": "2", "onset": "0.5", "recording": "a.wav"},
        {"recording": "b.wav"},
    ]
    tabs = "filename\tonset\toffset\tevent_label\na.wav\t0\t1\tcar\nb.wav\t\t\t\n"  # as DCASE 2019 writes silence
    assert rows(text_file(tabs))[1] == {"recording": "b.wav"}
    assert rows(text_file("filename\tscene_label\na.wav\tstreet\n")) == [{"recording": "a.wav", "scene": "street"}]


def test_rttm_lines_with_labels_in_any_of_three_fields(text_file):
    lines = [
        "SPEAKER film 1 0.5 1.5 <NA> <NA> car <NA> <NA>",
        "NON-SPEECH film 1 3 1 <NA> music <NA> <NA>",
        "EVENT <NA> 1 5 1 <NA> <NA> door 0.9 <NA>",
    ]
    assert rows(text_file("\n".join(lines))) == [
        {"recording": "film", "onset": "0.5", "duration": "1.5", "label": "car"},
        {"recording": "film", "onset": "3", "duration": "1", "label": "music"},
        {"onset": "5", "duration": "1", "label": "door"},
    ]


def test_audacity_labels_without_their_frequencies(text_file):
    assert rows(text_file("0.5\t2\tcar horn\n\\\t100.0\t200.0\n")) == [
        {"onset": "0.5", "offset": "2", "label": "car horn"}
    ]
    assert rows(text_file("\\\\server\\a.wav\t0\t1\tcar\n"))[0]["recording"] == "\\\\server\\a.wav"


FORM = "a line is file, scene, onset, offset, label, or less: no scene, no file and scene, or no event"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.wav\tstreet\tzero\t2\tcar\n", f"1: zero is not a number of seconds; {FORM}: a.wav"),
        ("a.wav\t0\t1\tcar\n\nb.wav\t1.O\t2\tcar\n", "3: 1.O is not a number of seconds"),
        ("1.0 2.O car", "1: 2.O is not a number of seconds"),
        ("my own file\n", "1: my is not a number of seconds"),
        ("path,label,kind\na.wav,car,x\n", "1: the header needs the columns onset and offset (or duration) and label"),
        ("path,onset,offset\n", "1: the header needs"),
        ("file,onset,offset,label,class\n", "1: the header names the label twice: leave one of the columns out: file"),
        ("file,onset,offset,label\na.wav,0,1\n", "2: the header has 4 columns, this line 3: a.wav,0,1"),
        ('a.wav,0,1,"car\nb.wav,0,1,bus\n', "1: not CSV that can be read, unexpected end of data"),
    ],
)
def test_lines_that_are_none_of_these(text_file, text, message):
    path = text_file(text)
    with pytest.raises(FormatError) as caught:
        rows(path)
    assert str(caught.value).startswith(f"{path}:{message}")
