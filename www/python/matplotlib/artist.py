"""What every drawn thing has: properties that are set and got by name, a label, a place in the stack."""

import difflib

__all__ = ["Artist", "getp", "setp"]

# Said without effect on a drawing of this kind.
_WITHOUT_EFFECT = {
    "antialiased", "aa", "rasterized", "picker", "gid", "url", "snap", "animated", "clip_path", "clip_box", "agg_filter",
    "sketch_params", "path_effects", "contains", "in_layout", "mouseover", "plotnonfinite", "pickradius", "capstyle",
    "joinstyle", "solid_capstyle", "solid_joinstyle", "dash_capstyle", "dash_joinstyle",
}  # fmt: skip


class Artist:
    zorder = 0.0
    # name → default; a subclass adds its own.
    PROPERTIES = {"alpha": None, "visible": True, "clip_on": True, "transform": None, "label": ""}
    ALIASES = {}

    def __init__(self, **given):
        self.p = dict(self.PROPERTIES)
        self.axes = self.figure = None
        self.sticky_x, self.sticky_y = [], []
        self.set(**given)

    def _canonical(self, name):
        return self.ALIASES.get(name, name)

    def set(self, **given):
        for name, value in given.items():
            own = self._canonical(name)
            setter = getattr(type(self), f"set_{own}", None)
            if setter is not None:
                setter(self, value)
            elif own in self.p:
                self._put(own, value)
            elif own not in _WITHOUT_EFFECT:
                self._refuse(name)
        return None

    def _refuse(self, name):
        if name in ("hatch",):
            raise NotImplementedError("hatch is not in this matplotlib; nearest here: color and alpha")
        close = difflib.get_close_matches(name, [*self.p, *self.ALIASES], 1, 0.6)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise AttributeError(f"{type(self).__name__}.set() got an unexpected keyword argument {name!r}{hint}")

    update = lambda self, props: self.set(**props)  # noqa: E731

    def _put(self, name, value):
        self.p[name] = value
        self.changed()

    def changed(self):
        if self.axes is not None:
            self.axes.changed()

    stale = False

    def __getattr__(self, name):
        kind, _, rest = name.partition("_")
        if kind in ("set", "get") and "p" in self.__dict__:
            own = self._canonical(rest)
            if own in self.p:
                return (lambda value: self._put(own, value)) if kind == "set" else (lambda: self.p[own])
            if kind == "set" and own in _WITHOUT_EFFECT:
                return lambda value: None
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def set_zorder(self, level):
        self.zorder = level
        self.changed()

    def get_zorder(self):
        return self.zorder

    def set_label(self, s):
        self.p["label"] = "" if s is None else str(s)

    def remove(self):
        if self.axes is None or self not in self.axes.children:
            raise NotImplementedError("cannot remove artist")
        self.axes.children.remove(self)
        self.axes.changed()

    def spans(self):
        """(x values, y values) that the limits of the axes must hold; data only."""
        return (), ()

    def alpha_of(self, colour):
        """RGBA with the artist's alpha over the colour's own."""
        alpha = self.p["alpha"]
        return colour if alpha is None or colour[3] == 0 else (*colour[:3], float(alpha))

    @property
    def in_axes_units(self):
        """Whether x and y are 0…1 of the axes (transform=ax.transAxes), each."""
        kind = getattr(self.p["transform"], "kind", "data")
        return kind in ("axes", "blend_x_axes"), kind in ("axes", "blend_y_axes")


class Transform:
    """A name of a coordinate system; drawing knows what it means."""

    def __init__(self, kind, owner=None):
        self.kind, self.owner = kind, owner

    def __repr__(self):
        return f"<Transform {self.kind}>"

    def transform(self, values):
        if self.kind != "data":
            raise NotImplementedError("transform() is here only for ax.transData")
        return self.owner.to_pixels(values)

    def __add__(self, other):
        raise NotImplementedError("sums of transforms are not in this matplotlib; nearest here: ax.transAxes")


def setp(obj, *args, **kwargs):
    many = obj if isinstance(obj, (list, tuple)) or hasattr(obj, "tolist") else [obj]
    if hasattr(many, "tolist"):
        many = many.reshape(-1).tolist()
    for each in many:
        each.set(**dict(zip(args[::2], args[1::2])), **kwargs)


def getp(obj, property):
    return getattr(obj, f"get_{property}")()
