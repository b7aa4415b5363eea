"""Module: parameters, buffers and modules by attribute, state, modes, hooks, and how it prints."""

from collections import OrderedDict, namedtuple

from danlu import tape
from danlu.tape import constant

from .._base import cast
from .._dtypes import check_device, code_of
from .._tensor import Handle, Tensor
from .parameter import Buffer, Parameter, UninitializedParameter


class _IncompatibleKeys(namedtuple("IncompatibleKeys", ["missing_keys", "unexpected_keys"])):
    def __repr__(self):
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return super().__repr__()

    __str__ = __repr__


def _indented(text, spaces):
    first, *rest = text.split("\n")
    return "\n".join([first, *[" " * spaces + line for line in rest]])


class Module:
    """What has parameters and a forward."""

    def __init__(self, *args, **kwargs):
        object.__setattr__(self, "training", True)
        for name in ("_parameters", "_buffers", "_modules", "_forward_hooks", "_forward_pre_hooks", "_backward_hooks"):
            object.__setattr__(self, name, {})
        object.__setattr__(self, "_non_persistent_buffers_set", set())
        object.__setattr__(self, "_hook_number", 0)

    # ── attributes ─────────────────────────────────────────────────────────────────────────────

    def __setattr__(self, name, value):
        own = self.__dict__
        if isinstance(value, Parameter):
            if "_parameters" not in own:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            for kept in (own, own["_buffers"], own["_modules"]):
                kept.pop(name, None)
            own["_parameters"][name] = value
        elif isinstance(value, Module):
            if "_modules" not in own:
                raise AttributeError("cannot assign module before Module.__init__() call")
            for kept in (own, own["_buffers"], own["_parameters"]):
                kept.pop(name, None)
            own["_modules"][name] = value
        elif isinstance(value, Buffer):
            self.register_buffer(name, value, value._kept)
        elif own.get("_parameters") and name in own["_parameters"]:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as parameter '{name}' (torch.nn.Parameter or None expected)"
                )
            own["_parameters"][name] = None
        elif own.get("_modules") and name in own["_modules"]:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as child module '{name}' (torch.nn.Module or None expected)"
                )
            own["_modules"][name] = None
        elif own.get("_buffers") and name in own["_buffers"]:
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as buffer '{name}' (torch.nn.Buffer, torch.Tensor or None expected)"
                )
            own["_buffers"][name] = value
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name):
        own = self.__dict__
        for kept in ("_parameters", "_buffers", "_modules"):
            if kept in own and name in own[kept]:
                return own[kept][name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name):
        for kept in (self._parameters, self._buffers, self._modules):
            if name in kept:
                del kept[name]
                return
        object.__delattr__(self, name)

    def __dir__(self):
        return sorted({*object.__dir__(self), *self._parameters, *self._buffers, *self._modules})

    def register_parameter(self, name, param):
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameter before Module.__init__() call")
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{_type_name(param)}' object to parameter '{name}' (torch.nn.Parameter or None required)"
            )
        if "." in name:
            raise KeyError('parameter name can\'t contain "."')
        self._parameters[name] = param

    def register_buffer(self, name, tensor, persistent=True):
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"attribute '{name}' already exists")
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{_type_name(tensor)}' object to buffer '{name}' (torch Tensor or None required)"
            )
        self._buffers[name] = tensor
        self._non_persistent_buffers_set.discard(name)
        if not persistent:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name, module):
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{_type_name(module)} is not a Module subclass")
        self._modules[name] = module

    register_module = add_module

    def get_submodule(self, target):
        found = self
        for part in target.split(".") if target else ():
            if not isinstance(getattr(found, part, None), Module):
                raise AttributeError(f"{type(found).__name__} has no attribute `{part}`")
            found = getattr(found, part)
        return found

    def get_parameter(self, target):
        path, _, name = target.rpartition(".")
        return getattr(self.get_submodule(path), name)

    get_buffer = get_parameter

    # ── walking ────────────────────────────────────────────────────────────────────────────────

    def named_modules(self, memo=None, prefix="", remove_duplicate=True):
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(memo, f"{prefix}.{name}" if prefix else name, remove_duplicate)

    def modules(self):
        for _, module in self.named_modules():
            yield module

    def named_children(self):
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self):
        for _, module in self.named_children():
            yield module

    def _named(self, kind, prefix, recurse, remove_duplicate):
        seen = set()
        for path, module in self.named_modules(prefix=prefix) if recurse else [(prefix, self)]:
            for name, value in module.__dict__[kind].items():
                if value is None or remove_duplicate and id(value) in seen:
                    continue
                seen.add(id(value))
                yield (f"{path}.{name}" if path else name), value

    def named_parameters(self, prefix="", recurse=True, remove_duplicate=True):
        return self._named("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse=True):
        for _, parameter in self._named("_parameters", "", recurse, True):
            yield parameter

    def named_buffers(self, prefix="", recurse=True, remove_duplicate=True):
        return self._named("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse=True):
        for _, buffer in self._named("_buffers", "", recurse, True):
            yield buffer

    def apply(self, fn):
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    # ── modes, gradients, dtypes ───────────────────────────────────────────────────────────────

    def train(self, mode=True):
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none=True):
        for parameter in self.parameters():
            if parameter._grad is not None:
                if set_to_none:
                    parameter._grad = None
                else:
                    parameter._grad.zero_()

    def _cast(self, code):
        for module in self.modules():
            for kept in (module._parameters, module._buffers):
                for name, value in kept.items():
                    if value is not None and value._a._h & 3 > 1:
                        value._a = cast(constant(value._a, Tensor), code)._a
                        if value._grad is not None:
                            value._grad = cast(value._grad, code)
        return self

    def float(self):
        return self._cast(2)

    def double(self):
        return self._cast(3)

    def type(self, dst_type):
        return self._cast(code_of(dst_type))

    def half(self):
        raise NotImplementedError("float16 is not here; nearest: module.float()")

    bfloat16 = half

    def cpu(self):
        return self

    def cuda(self, device=None):
        check_device("cuda")

    def to(self, *args, **kwargs):
        dtype = kwargs.get("dtype")
        check_device(kwargs.get("device"))
        for value in args:
            if isinstance(value, Tensor):
                dtype = value.dtype
            elif type(value).__name__ in ("dtype", "Lacking"):
                dtype = value
            elif not isinstance(value, bool):
                check_device(value)
        if dtype is not None:
            if not dtype.is_floating_point:
                raise TypeError(
                    f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype}"
                )
            self._cast(code_of(dtype))
        return self

    def compile(self, *_, **__):
        pass

    def share_memory(self):
        return self

    # ── calling ────────────────────────────────────────────────────────────────────────────────

    def forward(self, *args, **kwargs):
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *args, **kwargs):
        if "_forward_hooks" not in self.__dict__:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '_backward_hooks'")
        for hook, with_kwargs in list(self._forward_pre_hooks.values()):
            changed = hook(self, args, kwargs) if with_kwargs else hook(self, args)
            if changed is not None:
                if with_kwargs:
                    args, kwargs = changed
                else:
                    args = changed if isinstance(changed, tuple) else (changed,)
        hooks = list(self._backward_hooks.values())
        made = self._with_backward_hooks(hooks, args, kwargs) if hooks else self.forward(*args, **kwargs)
        for hook, with_kwargs in list(self._forward_hooks.values()):
            changed = hook(self, args, kwargs, made) if with_kwargs else hook(self, args, made)
            if changed is not None:
                made = changed
        return made

    def _with_backward_hooks(self, hooks, args, kwargs):
        """Notes the gradients at the inputs and outputs on the way back."""
        inputs = [x * 1.0 if isinstance(x, Tensor) and x.requires_grad else x for x in args]
        made = self.forward(*inputs, **kwargs)
        outputs = made if isinstance(made, tuple) else (made,)
        seen = {}

        def at_output(at):
            def keep(gradient):
                seen[at] = gradient
                if not any(isinstance(x, Tensor) and x.requires_grad for x in inputs):
                    self._call_backward_hooks(hooks, [None] * len(inputs), outputs, seen)

            return keep

        for at, y in enumerate(outputs):
            if isinstance(y, Tensor) and y.requires_grad:
                tape.hook(y, at_output(at))
        waiting = [at for at, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
        arrived = {}

        def at_input(at):
            def send(gradient):
                arrived[at] = gradient
                if len(arrived) == len(waiting):
                    given = [arrived.get(i) for i in range(len(inputs))]
                    changed = self._call_backward_hooks(hooks, given, outputs, seen)
                    arrived.clear()
                    if changed is not None:
                        return changed[at] if isinstance(changed, tuple) else changed
                return None

            return send

        for at in waiting:
            tape.hook(inputs[at], at_input(at))
        return made

    def _call_backward_hooks(self, hooks, inputs, outputs, seen):
        answer = None
        for hook, _ in hooks:
            changed = hook(self, tuple(inputs), tuple([seen.get(at) for at in range(len(outputs))]))
            if changed is not None:
                answer = changed
        return answer

    def _hook(self, kept, hook, with_kwargs=False, prepend=False):
        number = self._hook_number
        object.__setattr__(self, "_hook_number", number + 1)
        kept[number] = (hook, with_kwargs)
        return _ModuleHandle(kept, number)

    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
        return self._hook(self._forward_hooks, hook, with_kwargs)

    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
        return self._hook(self._forward_pre_hooks, hook, with_kwargs)

    def register_full_backward_hook(self, hook, prepend=False):
        return self._hook(self._backward_hooks, hook)

    register_backward_hook = register_full_backward_hook

    # ── state ──────────────────────────────────────────────────────────────────────────────────

    def state_dict(self, *args, destination=None, prefix="", keep_vars=False):
        found = destination
        if found is None:
            found = OrderedDict()
            found._metadata = OrderedDict()
        found._metadata[prefix[:-1]] = {"version": getattr(self, "_version", 1)}
        for name, value in self._parameters.items():
            if value is not None:
                found[prefix + name] = value if keep_vars else value.detach()
        for name, value in self._buffers.items():
            if value is not None and name not in self._non_persistent_buffers_set:
                found[prefix + name] = value if keep_vars else value.detach()
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=found, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
        return found

    def load_state_dict(self, state_dict, strict=True, assign=False):
        if not hasattr(state_dict, "items"):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        own = self.state_dict(keep_vars=True)
        # What was saved before batch norm counted batches has no count, nor has a dict that is no state_dict's.
        uncounted = not hasattr(state_dict, "_metadata")
        missing = [name for name in own if name not in state_dict and not (uncounted and name.endswith("num_batches_tracked"))]
        unexpected = [name for name in state_dict if name not in own]
        mistakes = []
        if strict and missing:
            mistakes.append("Missing key(s) in state_dict: " + ", ".join(f'"{name}"' for name in missing) + ". ")
        if strict and unexpected:
            mistakes.append("Unexpected key(s) in state_dict: " + ", ".join(f'"{name}"' for name in unexpected) + ". ")
        fits = []
        for name, value in own.items():
            if name not in state_dict:
                continue
            given = state_dict[name]
            if isinstance(value, UninitializedParameter):
                value._a = given._a.copy()
                value.__class__ = Parameter
            elif given.shape != value.shape:
                mistakes.append(
                    f"size mismatch for {name}: copying a param with shape {given.shape} from checkpoint, the shape in "
                    f"current model is {value.shape}."
                )
            else:
                fits.append((value, given))
        # As in PyTorch what fits is taken over even where the rest does not.
        for value, given in fits:
            tape.write(value, given._a)
        if mistakes:
            raise RuntimeError(
                f"Error(s) in loading state_dict for {type(self).__name__}:\n\t" + "\n\t".join(mistakes)
            )
        return _IncompatibleKeys(missing, unexpected)

    # ── printing ───────────────────────────────────────────────────────────────────────────────

    def extra_repr(self):
        return ""

    def _get_name(self):
        return type(self).__name__

    def __repr__(self):
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        children = [f"({name}): " + _indented(repr(module), 2) for name, module in self._modules.items()]
        text = self._get_name() + "("
        if lines + children:
            if len(lines) == 1 and not children:
                text += lines[0]
            else:
                text += "\n  " + "\n  ".join(lines + children) + "\n"
        return text + ")"


class _ModuleHandle(Handle):
    def __init__(self, kept, number):
        self._kept, self._number = kept, number

    def remove(self):
        self._kept.pop(self._number, None)


def _type_name(value):
    kind = type(value)
    if kind is Tensor:
        return value.type()
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.split('._')[0]}.{kind.__name__}"
