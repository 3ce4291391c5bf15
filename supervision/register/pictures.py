"""Turns what a camera or a program wrote into the picture that is kept, and nothing else of it.

A phone writes where a photograph was taken, when and by which phone into the file: none of that is
kept, for a patrol's link could carry it to anybody.
"""

from io import BytesIO

from PIL import Image, ImageOps

from supervision.core.errors import Invalid

LONGEST_SIDE_PX = 800
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85


def as_kept(sent: bytes) -> bytes:
    """The picture as a JPEG: upright, 800 pixels at the longest side, without any metadata.

    Raises:
        Invalid: It is no picture of a format that is taken, is damaged, or far too large.
    """
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid("The picture has too many pixels.")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid("This is no picture in JPEG, PNG or WebP.") from error
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    kept = BytesIO()
    # A fresh picture of the same pixels: what the old one carried beside them stays behind.
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(kept, "JPEG", quality=QUALITY)
    return kept.getvalue()
