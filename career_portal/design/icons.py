"""The portal's icons: strokes on a grid of 24, drawn in the colour of the text around them."""

ICONS: dict[str, tuple[str, ...]] = {
    "check": ("M5 12.5 10 17.5 19.5 7",),
    "chevron": ("M6 9.5 12 15.5 18 9.5",),
    "chevron-right": ("M9.5 6 15.5 12 9.5 18",),
    "close": ("M6.5 6.5 17.5 17.5", "M17.5 6.5 6.5 17.5"),
    "error": ("M8.5 3H15.5L21 8.5V15.5L15.5 21H8.5L3 15.5V8.5Z", "M9 9 15 15", "M15 9 9 15"),
    "external": ("M10 5H5V19H19V14", "M14 4H20V10", "M20 4 11.5 12.5"),
    "eye": (
        "M2.5 12C5 7.5 8.5 5.5 12 5.5S19 7.5 21.5 12C19 16.5 15.5 18.5 12 18.5S5 16.5 2.5 12Z",
        "M12 9A3 3 0 1 1 12 15A3 3 0 1 1 12 9Z",
    ),
    "info": ("M12 3A9 9 0 1 1 12 21A9 9 0 1 1 12 3Z", "M12 11V16.5", "M12 7.5V8"),
    "menu": ("M4 7H20", "M4 12H20", "M4 17H20"),
    "print": ("M7 8V4H17V8", "M7 17H4V8H20V17H17", "M7 14H17V20H7Z"),
    "success": ("M12 3A9 9 0 1 1 12 21A9 9 0 1 1 12 3Z", "M7.5 12.5 11 16 16.5 9"),
    "warning": ("M12 3.5 22 20.5H2Z", "M12 10V14.5", "M12 17.25V17.75"),
}
