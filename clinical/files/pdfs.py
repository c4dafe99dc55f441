"""Refuses PDF files that do something. Names are searched in the file and in its packed objects.

The content of pages is not read, and no viewer is imitated: a file that shows other objects to a viewer than
to this search may pass. Such a file is still only sent as a download, in a sandbox.
"""

import re
import zlib
from collections.abc import Iterator

from clinical.files.refusals import FileDamaged, FileHidesMore, PdfActs, PdfEncrypted

# Long enough that chance does not write them into a picture, so they are searched everywhere.
ACTS = {
    *(b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"SubmitForm"),
    *(b"ImportData", b"GoToE", b"Rendition"),
}
ACTS_IN_SHORT = {b"JS", b"XFA"}
FILTERS = {
    *(b"ASCIIHexDecode", b"ASCII85Decode", b"LZWDecode", b"RunLengthDecode", b"Crypt", b"Predictor"),
    *(b"AHx", b"A85", b"LZW", b"RL"),
}
NAME = re.compile(rb"/((?:[^\x00-\x20()<>\[\]{}/%#\x7f-\xff]|#[0-9A-Fa-f]{2})+)")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM, END_OF_STREAM = re.compile(rb"\bstream\r?\n"), b"endstream"
END = b"%%EOF"
BLANK = b"\x00\t\n\r\f "
NEAR_THE_END = 1024
MOST_UNPACKED = 64 * 1024 * 1024


def refuse_unsafe_pdf(content: bytes) -> None:
    """Refuse scripts, actions, embedded files, passwords, and whatever follows the end of the file."""
    end = content.rfind(END)
    if end == -1 or b"startxref" not in content[max(0, end - NEAR_THE_END) : end]:
        raise FileDamaged
    if content[end + len(END) :].strip(BLANK):
        raise FileHidesMore
    objects = b"\n".join(parts_with_objects(content))
    names = names_in(objects)
    if b"Encrypt" in names:
        raise PdfEncrypted
    if ACTS & names_in(content) or (ACTS | ACTS_IN_SHORT) & names:
        raise PdfActs


def names_in(content: bytes) -> set[bytes]:
    """The names (/Type, /J#61vaScript) that occur, with their escapes resolved."""
    found = set(NAME.findall(content))
    return {ESCAPE.sub(lambda hexed: bytes([int(hexed[1], 16)]), name) for name in found}


def parts_with_objects(content: bytes) -> Iterator[bytes]:
    """The file without its streams, and the streams that pack objects, unpacked."""
    at, left = 0, MOST_UNPACKED
    while stream := STREAM.search(content, at):
        before, end = content[at : stream.start()], content.find(END_OF_STREAM, stream.end())
        if end == -1:
            raise FileDamaged
        yield before
        if b"ObjStm" in (names := names_in(before[max(0, before.rfind(b" obj")) :])):
            unpacked = unpack(content[stream.end() : end], names, left)
            left -= len(unpacked)
            yield unpacked
        at = end + len(END_OF_STREAM)
    yield content[at:]


def unpack(packed: bytes, names: set[bytes], most: int) -> bytes:
    """Objects packed in the one usual way; refuses other ways, which cannot be searched."""
    if FILTERS & names:
        raise PdfActs
    if not {b"FlateDecode", b"Fl"} & names:
        return packed
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(packed, most)
    except zlib.error as error:
        raise FileDamaged from error
    if unpacker.unconsumed_tail:
        raise FileDamaged
    return unpacked
