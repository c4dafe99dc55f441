"""Days and times as the rest of the pages write them, where Django chooses the format, as in lists."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "j M Y, g:i A"
