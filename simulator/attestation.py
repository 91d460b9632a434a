"""A one-page PDF that attests a formality, marked as the simulator's."""

import unicodedata


def attestation(number: str, name: str, moment: str, kind: str) -> bytes:
    """The bytes of a small PDF."""
    lines = [
        "SIMULATEUR - sans valeur",
        f"Attestation : {kind}",
        f"Numéro d'immatriculation : {number}",
        f"Copropriété : {name}",
        f"Date : {moment}",
    ]
    shown = "".join(f"({_escape(line)}) Tj T*\n" for line in lines)
    content = f"BT /F1 14 Tf 22 TL 60 760 Td\n{shown}ET".encode("cp1252", "replace")
    return _pdf(content)


def _escape(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf(content: bytes) -> bytes:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>"
    )
    stream = b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream, font]
    document, offsets = bytearray(b"%PDF-1.4\n"), []
    for rank, text in enumerate(objects, 1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (rank, text)
    start = len(document)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    document += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    document += b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    return bytes(document + b"startxref\n%d\n%%%%EOF\n" % start)
