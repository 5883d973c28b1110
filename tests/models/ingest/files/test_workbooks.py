"""Workbooks of other kinds than .xlsx, and Excel's other day 0."""

import base64
import io
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

import pytest

from models.ingest.reading import Export
from tests.models.ingest.files.test_kinds import workbook

XLS = zlib.decompress(base64.b85decode("""
c-rk)OGs2v82-+kJI*LR#!&+eWDvA6g{&49>5SqlXw*zFE2uF?3S*4XO>MGlmW9x&Xd~F739L3fsGxQ&1fv!~5R3_JS_K6y)Z736_l}K^z=1N1
`wizm|KptR{&QaU@n$AJG4Zfu7AsH>2NsP?WTf~MmCU5!0mTi2)nx6aV%XSJ$aK?0W;pRIXWGSc$n!l54G;8JB!N#<PT)M+hazF$2BJ}N2r15?
j-<kE^5mjevhs>NEwVu5eQEhzWI#OEMAlK;ggS;9e|u%EwTh2wWfIE;^FEe7AH-9GBE05Rd}&;nZJlU{o(-MbWPwsW8<U_3Z4F1lQMQY4hqr7m
p*k3>Zff$iwe1fE6DXu9pTu{=2YgHJ?Uz2=zp;J=^8Z-wcm2lirm0-%zoF^CD2!9GRbq5Z@6yc`abzAXa%yv-HGZ(40zGHK5n3G`0|Vj6aM%GH
3XQNFicpJ&8Yj@**4)y~#%^lY)zR44+|`@KEOK6WmYo+lvX8P!_9IX9eA!JNN_GD3*SEpGPX9^qjLJR2ypxo3$}n)5dr;?Gi8w@30;rT8J4Id*
)~%wKh%BTwR9AEsSxU>8w7DwL3cAi7!8`x96n#7Cu`h?8l*Z=#J4l~uoxNB%_1-^$G8&(L>d(J1RH-U;>n7u=KUpj5)cGi~c-0By);w13hIPBl
!veBI%@=7}JUVL0(yXyEEeBbSB}*qux0ux$%u1MftQ<6YoVgeG;_>)+`R9NcXLg>U7Zg##e*6IUDHt{kU3j%Mcs1d5S-hI??z=u$8`x{|YQpQb
c(ql$^_mxtn1oK^U&w+D8#Zj%uwlc7jeieiz7@z*r*1uY^An@X`mVD;Wzqgj^53EhL-ZS=*U4r?sE*=7TI**EoGQts*4Zcdy^zsESC3*4eUisu
+Uu9zKUC`fS$9XzpW8y|UVky2Jpc0be*#L^>i+
""".replace("\n", "")))  # fmt: skip
"""Id, When, Offense, Lat, Lon and two rows, as Excel 97 stores them."""
COLUMNS = ("Id", "When", "Offense", "Lat", "Lon")
TIMES = [datetime(2024, 3, 5, 12, 30), datetime(2024, 7, 1, 0, 10)]
SHEET = "urn:oasis:names:tc:opendocument:xmlns:"


def ods() -> bytes:
    """The same as an OpenDocument spreadsheet."""
    text = '<table:table-cell office:value-type="string">'
    rows = [
        "".join(f"{text}<text:p>{name}</text:p></table:table-cell>" for name in COLUMNS),
        *(
            f"{text}<text:p>A{at}</text:p></table:table-cell>"
            f'<table:table-cell office:value-type="date" office:date-value="{time.isoformat()}"/>'
            f"{text}<text:p>{what}</text:p></table:table-cell>"
            '<table:table-cell office:value-type="float" office:value="38.62"/>'
            '<table:table-cell office:value-type="float" office:value="-90.2"/>'
            for at, time, what in ((1, TIMES[0], "THEFT"), (2, TIMES[1], "ROBBERY"))
        ),
    ]
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{SHEET}manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{SHEET}office:1.0" xmlns:table="{SHEET}table:1.0" '
            f'xmlns:text="{SHEET}text:1.0"><office:body><office:spreadsheet><table:table table:name="S">{table}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return sink.getvalue()


@pytest.mark.parametrize("content", [XLS, ods()], ids=["xls", "ods"])
def test_other_kinds_of_workbooks_are_read(tmp_path: Path, content: bytes) -> None:
    """By their content, whatever they are called."""
    path = tmp_path / "export.dat"
    path.write_bytes(content)
    (table,) = Export(path).pieces(COLUMNS, lambda _: None)
    assert table.column("Id").to_pylist() == ["A1", "A2"]
    assert [datetime.fromisoformat(str(one)) for one in table.column("When").to_pylist()] == TIMES
    assert table.column("Lat").to_pylist() == ["38.62", "38.62"]


def test_days_since_1904_are_days_since_1904(tmp_path: Path) -> None:
    """A workbook of old Macintoshes counts from 1 January 1904: the same number is 1,462 days later."""
    path = tmp_path / "export.xlsx"
    rows: list[list[object]] = [["Id", "When"], ["A1", datetime(2020, 3, 4, 12, 30)]]
    with zipfile.ZipFile(io.BytesIO(workbook(rows))) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>'))
    (table,) = Export(path).pieces(("Id", "When"), lambda _: None)
    assert table.column("When").to_pylist() == [TIMES[0]]
