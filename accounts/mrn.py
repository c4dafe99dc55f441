def format_mrn(number: int) -> str:
    """The MRN as printed: H and at least six digits."""
    return f"H{number:06}"


def mrn_from(text: str) -> str:
    """The MRN for a text that is a whole MRN or its digits alone."""
    text = text.strip().upper()
    short = text.isascii() and text.isdigit() and len(text) <= 8
    return format_mrn(int(text)) if short else text
