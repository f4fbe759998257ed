"""Writes the PDFs beside it. Standard library only; the same bytes each time."""

import hashlib
import struct
import zlib
from pathlib import Path

HERE = Path(__file__).parent
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def stream(content: bytes, more: str = "", packed: int = 1) -> bytes:
    """A stream, packed so many times."""
    for _ in range(packed):
        content = zlib.compress(content, 9)
    filters = "/Filter [" + "/FlateDecode " * packed + "]" if packed else ""
    return f"<< {more} {filters} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def document(objects: list[bytes], trailer: str = "") -> bytes:
    """The objects, numbered from 1; the first is the catalog."""
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n"
    return out + (end + f"startxref\n{len(out)}\n%%EOF\n").encode()


def pages(contents: list[bytes], resources: str, others: list[bytes], trailer: str = "") -> bytes:
    """A document with these pages; `others` are the objects from 3 on, then come the pages and what stands on them."""
    first = 3 + len(others)
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(contents)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count {len(contents)} /Kids [{kids}] >>".encode(), *others]
    for at, content in enumerate(contents):
        place = first + 2 * at + 1
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {resources} >> /Contents {place} 0 R >>"
        objects += [page.encode(), content]
    return document(objects, trailer)


HELVETICA = b"""<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica
/Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /ffi] >> >>"""
FONT = "/Font << /F1 3 0 R >>"
PICTURE = stream(b"\xcc" * 64, "/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8")
DRAWN = stream(b"q 500 0 0 700 40 40 cm /Im1 Do Q")


def letter() -> bytes:
    # As TeX writes: no spaces, only gaps; kerning within words is no gap.
    first = rb"""BT /F1 12 Tf 60 780 Td [(How)-333(long)-333(does)-333(gr)20(een)-333(tea)-333(steep?)]TJ
0 -14 Td (T\344glich drei Minuten, sagt das Caf\351.) Tj
0 -14 Td (An o\002cial \001nding) Tj /F1 7 Tf 4 Ts (2) Tj 0 Ts /F1 12 Tf ( is here.) Tj
0 -40 Td (Another paragraph.) Tj ET"""
    second = rb"""BT /F1 12 Tf 60 780 Td (Left one) Tj 0 -14 Td (Left two) Tj ET
BT /F1 12 Tf 320 780 Td (Right one) Tj 0 -14 Td (Right two) Tj ET
BT /F1 12 Tf 0 1 -1 0 40 300 Tm (Turned words) Tj ET
BT /F1 12 Tf 2 Tr 60 100 Td (Bold by outline) Tj ET"""
    return pages([stream(first, packed=0), stream(second)], FONT, [HELVETICA])


def scripts() -> bytes:
    text = "緑茶は二分です。中文也可以"
    codes = {sign: at for at, sign in enumerate(dict.fromkeys(text), 1)}
    pairs = "\n".join(f"<{code:04x}> <{sign.encode('utf-16-be').hex()}>" for sign, code in codes.items())
    cmap = f"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
{len(codes)} beginbfchar
{pairs}
endbfchar endcmap end end"""
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Absent /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>"
    descendant = b"""<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Absent /DW 1000
/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R >>"""
    descriptor = b"<< /Type /FontDescriptor /FontName /Absent /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"

    def shown(words: str) -> str:
        return "<" + "".join(f"{codes[sign]:04x}" for sign in words) + ">"

    lines = text.split("。")
    content = f"BT /F1 12 Tf 60 780 Td {shown(lines[0] + '。')} Tj 0 -16 Td {shown(lines[1])} Tj ET"
    return pages([stream(content.encode())], FONT, [font, descendant, descriptor, stream(cmap.encode())])


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def encrypted(user: bytes) -> bytes:
    """With the oldest encryption there is, which Python can do by itself."""

    def padded(password: bytes) -> bytes:
        return (password + PADDING)[:32]

    mark, rights = b"0123456789abcdef", -44
    owner = rc4(hashlib.md5(padded(b"owner")).digest()[:5], padded(user))
    key = hashlib.md5(padded(user) + owner + struct.pack("<i", rights) + mark).digest()[:5]
    check = rc4(key, PADDING)
    page = 5  # its content
    content = rc4(hashlib.md5(key + struct.pack("<I", page)[:3] + b"\0\0").digest()[:10], b"BT /F1 12 Tf 60 780 Td (A guarded word) Tj ET")
    rule = f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{check.hex()}> /P {rights} >>"
    return pages([stream(content, packed=0)], FONT, [HELVETICA], f"/ID [<{mark.hex()}> <{mark.hex()}>] /Encrypt {rule}")


def laughs() -> bytes:
    depth, wide = 6, 100
    forms = []
    for level in range(depth):
        inner = f"/Resources << /XObject << /X {3 + level + 1} 0 R >> >>" if level + 1 < depth else ""
        content = b"/X Do " * wide if inner else b"0 0 m 1 1 l S " * wide
        forms.append(stream(content, f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {inner}"))
    return pages([stream(b"/X Do " * wide)], "/XObject << /X 3 0 R >>", forms)


def main() -> None:
    word = stream(b"BT /F1 12 Tf 60 780 Td (A page of text) Tj ET")
    files = {
        "letter": letter(),
        "scripts": scripts(),
        "scanned": pages([DRAWN], "/XObject << /Im1 3 0 R >>", [PICTURE]),
        "half-scanned": pages([word, DRAWN], f"{FONT} /XObject << /Im1 4 0 R >>", [HELVETICA, PICTURE]),
        "locked": encrypted(b"tea"),
        "unlocked": encrypted(b""),
        "bomb": pages([stream(b"q Q " * (1 << 28), packed=2)], FONT, [HELVETICA]),
        "laughs": laughs(),
    }
    for name, content in files.items():
        (HERE / f"{name}.pdf").write_bytes(content)


main()
