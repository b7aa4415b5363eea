"""A drawing as a file: SVG text, or a PNG by way of `_raster`."""

from ._draw import colour

_FONTS = "system-ui, 'Noto Sans', 'Noto Sans SC', 'DejaVu Sans', sans-serif"


def escape(text):
    """Text as SVG's text: no markup, and no character that XML forbids."""
    kept = "".join(c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def bounds(out, tight, pad):
    """(left, top, right, bottom) of what the file shows."""
    if not tight:
        return 0.0, 0.0, float(out.width), float(out.height)
    boxes = [*out.inked, *((c[0], c[1], c[0] + c[2], c[1] + c[3]) for c in out.clips)]
    if not boxes:
        return 0.0, 0.0, float(out.width), float(out.height)
    return (
        min(b[0] for b in boxes) - pad, min(b[1] for b in boxes) - pad, max(b[2] for b in boxes) + pad,
        max(b[3] for b in boxes) + pad,
    )  # fmt: skip


def write(out, kind, ground, tight, pad):
    box = bounds(out, tight, pad)
    if kind == "svg":
        return svg(out, ground, box).encode()
    from ._raster import render

    return render(out, ground, box)


def svg(out, ground, box):
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}" font-family="{_FONTS}">'
    ]
    if out.clips:
        parts.append("<defs>")
        for i, (x, y, w, h) in enumerate(out.clips):
            parts.append(f'<clipPath id="clip{i}"><rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}"/></clipPath>')
        parts.append("</defs>")
    face = colour(ground)
    if face:
        parts.append(f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"{_paint("fill", face)}/>')
    for item in out.items:
        clip = f' clip-path="url(#clip{item["clip"]})"' if "clip" in item else ""
        parts.append(f"<g{clip}>{_ITEMS[item['kind']](item)}</g>")
    parts.append("</svg>\n")
    return "\n".join(parts)


def _paint(name, value):
    if not value:
        return f' {name}="none"'
    if len(value) == 9:
        return f' {name}="{value[:7]}" {name}-opacity="{int(value[7:], 16) / 255:.3g}"'
    return f' {name}="{value}"'


def path_data(loops, closed):
    parts = []
    for loop in loops:
        pairs = [f"{loop[i]:g} {loop[i + 1]:g}" for i in range(0, len(loop), 2)]
        parts.append("M" + "L".join(pairs) + ("Z" if closed else ""))
    return "".join(parts)


def _path(item):
    closed = not item.get("open")
    stroke = _paint("stroke", item.get("stroke"))
    if item.get("stroke"):
        stroke += f' stroke-width="{item["width"]:g}" stroke-linejoin="round"'
        if "dash" in item:
            stroke += f' stroke-dasharray="{" ".join(f"{v:g}" for v in item["dash"])}"'
    fill = _paint("fill", item.get("fill"))
    return f'<path d="{path_data(item["loops"], closed)}"{fill}{stroke} fill-rule="evenodd"/>'


def each_mark(item):
    """(x, y, size, fill, stroke) of each mark."""
    palette, sizes = item.get("palette", []), item["size"]

    def of(value, i):
        return (palette[value[i]] or None) if isinstance(value, list) else value

    for i in range(len(item["at"]) // 2):
        size = sizes[i] if isinstance(sizes, list) else sizes
        yield item["at"][2 * i], item["at"][2 * i + 1], size, of(item.get("fill"), i), of(item.get("stroke"), i)


def _marks(item):
    parts = []
    outline, closed = item.get("outline"), not item.get("open")
    for x, y, size, fill, stroke in each_mark(item):
        line = _paint("stroke", stroke) + (f' stroke-width="{item["width"]:g}"' if stroke else "")
        fill = _paint("fill", fill if closed else None)
        if outline is None:
            parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{size / 2:g}"{fill}{line}/>')
        else:
            loops = [[round(v * size + (y if i % 2 else x), 2) for i, v in enumerate(loop)] for loop in outline]
            parts.append(f'<path d="{path_data(loops, closed)}"{fill}{line}/>')
    return "".join(parts)


def _image(item):
    x, y, w, h = item["box"]
    style = "" if item.get("smooth") else ' style="image-rendering:pixelated"'
    return (
        f'<image x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" preserveAspectRatio="none"{style} '
        f'href="data:image/png;base64,{item["png"]}"/>'
    )


def _text(item):
    turn = f' transform="rotate({item["angle"]:g} {item["x"]:g} {item["y"]:g})"' if item.get("angle") else ""
    look = "".join(
        f' {name}="{value}"' for name, value, on in (
            ("font-weight", "bold", item.get("bold")), ("font-style", "italic", item.get("italic")),
            ("font-family", "monospace", item.get("mono")),
        ) if on
    )  # fmt: skip
    rows = []
    for i, line in enumerate(item["lines"]):
        runs = []
        raised = 0
        for text, level, italic in line:
            size = f' font-size="{0.7 * item["size"]:g}"' if level else ""
            shift = {1: -0.36, -1: 0.2, 0: 0.0}[level] * item["size"]
            dy = f' dy="{shift - raised:g}"' if shift != raised else ""
            raised = shift
            slanted = ' font-style="italic"' if italic else ""
            runs.append(f"<tspan{dy}{size}{slanted}>{escape(text)}</tspan>")
        y = item["y"] + 1.2 * item["size"] * i
        rows.append(
            f'<text x="{item["x"]:g}" y="{y:g}" font-size="{item["size"]:g}" text-anchor="{item["anchor"]}"'
            f'{_paint("fill", item["fill"])}{look} xml:space="preserve">{"".join(runs)}</text>'
        )
    return f"<g{turn}>{''.join(rows)}</g>"


_ITEMS = {"path": _path, "marks": _marks, "image": _image, "text": _text}
