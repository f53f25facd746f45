import pytest

from lightdiar.datasets.elements import read_elements
from lightdiar.errors import FormatError


def test_elements_have_lines_names_and_attributes(tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes('<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>\n<b x="é"/></a>'.encode("latin-1"))
    assert list(read_elements(path)) == [(2, "a", {}), (3, "b", {"x": "é"})]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a>\n<b>", "a.xml:2: not XML that can be read: no element found"),
        ('<!DOCTYPE a [<!ENTITY e "boom">]>\n<a>&e;</a>', "a.xml:1: XML with a DTD is not read"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "a.xml:1: not XML that can be read: unknown encoding"),
        ("", "a.xml:1: not XML that can be read: no element found"),
    ],
)
def test_what_is_no_plain_xml_is_refused_with_the_line(tmp_path, text, message):
    (tmp_path / "a.xml").write_text(text)
    with pytest.raises(FormatError, match=message):
        list(read_elements(tmp_path / "a.xml"))
