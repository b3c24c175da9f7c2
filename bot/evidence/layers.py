"""Whether a PDF has layers that its viewer would not show.

Rule: layers are dropped and all their content drawn, so what one of them hides would come to light. All are on
when a document opens, but for what is switched off by name, by view, or by an expression over the others.
Source: ISO 32000-1, 8.11.
"""

from pikepdf import Array, Dictionary, Name, Object, Pdf


def hides_something(source: Pdf) -> bool:
    """Whether some content would not be shown on a screen when the document is opened."""
    properties = source.Root.get("/OCProperties")
    if properties is None:
        return False
    default = properties.get("/D", Dictionary())
    if len(default.get("/OFF", Array())) or default.get("/BaseState", Name.ON) != Name.ON:
        return True
    by_view = any(usage.get("/Event") == Name.View for usage in default.get("/AS", Array()))
    return any(_denies(item) or (by_view and _unseen(item)) for item in source.objects if isinstance(item, Dictionary))


def _denies(item: Dictionary) -> bool:
    """Whether this is a membership that is met where others are off."""
    return item.get("/Type") == Name.OCMD and (
        item.get("/P") in {Name.AnyOff, Name.AllOff} or _has_not(item.get("/VE", Array()))
    )


def _has_not(expression: Object) -> bool:
    return any(part == Name.Not or (isinstance(part, Array) and _has_not(part)) for part in expression)


def _unseen(item: Dictionary) -> bool:
    view = item.get("/Usage", Dictionary()).get("/View", Dictionary())
    return item.get("/Type") == Name.OCG and view.get("/ViewState") == Name.OFF
