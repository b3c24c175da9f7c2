"""The report speaks of sorts; one table knows which name is of which."""

import pytest

from bot.evidence import CODES
from bot.evidence.names import code_of

SORTED = {
    "gps": ["GPSLatitude", "location", "com.apple.quicktime.location.ISO6709", "©xyz", "City"],
    "device": ["Make", "Model", "BodySerialNumber", "LensModel", "MakerNote", "com.android.version"],
    "software": ["Software", "/Producer", "CreatorTool", "encoder", "Application", "AppVersion", "generator"],
    "author": ["Artist", "XPAuthor", "/Author", "/Creator", "creator", "lastModifiedBy", "CameraOwnerName", "Company"],
    "time": ["DateTimeOriginal", "SubsecTime", "OffsetTime", "/CreationDate", "/ModDate", "creation_time", "TotalTime"],
    "name": ["DocumentName", "XPTitle", "title", "Template"],
    "thumbnail": ["JpegIFOffset", "PreviewImage", "cover"],
    "comments": ["UserComment", "ImageDescription", "XPKeywords", "comment"],
    "other": ["ExposureTime", "FNumber", "ISOSpeedRatings", "SubjectDistance"],
}


@pytest.mark.parametrize("code", SORTED)
def test_names_are_sorted_as_people_mean_them(code: str):
    """Tag names of every format fall where a reader of the report expects them."""
    assert dict.fromkeys(SORTED[code], code) == {name: code_of(name) for name in SORTED[code]}
    assert code in CODES
