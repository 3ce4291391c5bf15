"""Turns what a camera or a program wrote into the picture that is kept, and nothing else of it.

A phone writes where a photograph was taken, when and by which phone into the file: none of that is
kept, for a patrol's link could carry it to anybody.
"""

import struct
from io import BytesIO

from PIL import ExifTags, Image

from supervision.core.errors import Invalid

LONGEST_SIDE_PX = 800
# What a phone makes; PNG and WebP are decoded whole, a JPEG at a fraction of its size.
MOST_PIXELS = 60_000_000
MOST_PIXELS_WHOLE = 12_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85

_BROKEN = (OSError, SyntaxError, ValueError, TypeError, struct.error, AttributeError, KeyError)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What a camera's note of how it was held asks for (Exif 2.32, tag 274)."""


def as_kept(sent: bytes) -> bytes:
    """The picture as a JPEG: upright, 800 pixels at the longest side, without any metadata.

    Raises:
        Invalid: It is no picture of a format that is taken, is damaged, or far too large.
    """
    try:
        small = _small(sent)
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise Invalid("This is no picture in JPEG, PNG or WebP.") from error
    kept = BytesIO()
    # A fresh picture of the same pixels: what the old one carried beside them stays behind.
    Image.frombytes("RGB", small.size, small.tobytes()).save(kept, "JPEG", quality=QUALITY)
    return kept.getvalue()


def _small(sent: bytes) -> Image.Image:
    with Image.open(BytesIO(sent), formats=FORMATS) as picture:
        most = MOST_PIXELS if picture.format == "JPEG" else MOST_PIXELS_WHOLE
        if picture.width * picture.height > most:
            raise Invalid("The picture has too many pixels.")
        turn = _UPRIGHT.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
        # Has a JPEG decoded at a fraction, not below twice the size that is kept.
        picture.draft("RGB", (2 * LONGEST_SIDE_PX, 2 * LONGEST_SIDE_PX))
        picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
        small = picture.convert("RGB")
    return small if turn is None else small.transpose(turn)
