"""What is settled when a template is compiled, so that no rendering does it again (docs/adr/0035)."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any

import markupsafe
from jinja2 import Environment, meta, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

from web import paths

_in_html: Callable[[str], str] = markupsafe._escape_inner  # type: ignore[attr-defined] # noqa: SLF001 what `escape` calls
_HOLE = "hole"  # stands in an address for the part that a rendering fills in


class Written(Extension):
    """Writes what no rendering changes into a template as it is compiled: addresses, icons, included files."""

    _CALL = re.compile(r'\{\{ (url|static|ui\.icon)\("([^"]+)"\) \}\}')
    _FILLED = re.compile(r'\{\{ url\("([^"]+)", (\w+)=([\w.]+)\) \}\}')
    _INCLUDE = re.compile(r'\{% include "([^"]+)" %\}')

    def preprocess(self, source: str, *_: str | None) -> str:
        """Put in what `url("…")`, `static("…")`, `ui.icon("…")` and `include "…"` would give at every rendering.

        Of an address with a part, `url("…", id=each.id)`, what stands around the part.
        """
        flat = self._INCLUDE.sub(self._file, source)
        return self._FILLED.sub(self._around, self._CALL.sub(self._called, flat))

    def _called(self, call: re.Match[str]) -> str:
        name, _, member = call[1].partition(".")
        try:
            function: Any = self.environment.globals[name]
            return str(escape((getattr(function, member) if member else function)(call[2])))
        except KeyError:  # an address with parts, or of the demo alone; within ui itself
            return call[0]

    def _around(self, call: re.Match[str]) -> str:
        try:
            address: Callable[..., str] = self.environment.globals["url"]  # type: ignore[assignment]
            before, after = address(call[1], **{call[2]: _HOLE}).split(_HOLE)
        except (KeyError, ValueError):  # of the demo alone; a part that its convertor has to write
            return call[0]
        if "?" in before:  # there it has to be quoted
            return call[0]
        return f"{escape(before)}{{{{ {call[3]} }}}}{escape(after)}"

    def _file(self, include: re.Match[str]) -> str:
        source = (paths.TEMPLATES / include[1]).read_text(encoding="utf-8")
        return self._INCLUDE.sub(self._file, source)


class Cached(Extension):
    """`{% cached a, b %} … {% endcached %}`: rendered once for each value of a and b, of which there are few.

    What stands inside may name nothing else that a request brings, or one person's data would be shown
    to another: the template does not compile then.
    """

    tags = {"cached"}  # noqa: RUF012 a set, as Jinja declares it
    MOST = 500  # renderings of a piece
    # A filter, which a template calls directly: a method would be called through Context.call, which takes longer.
    _LOOK = "cached_piece"

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._pieces: defaultdict[str, dict[object, str]] = defaultdict(dict)
        environment.filters[self._LOOK] = self._cached

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """Make of the piece a look at what is kept, else a rendering. Raises TemplateSyntaxError."""
        line = next(parser.stream).lineno
        keys: list[str] = []
        while parser.stream.current.type != "block_end":
            keys.append(parser.parse_assign_target(name_only=True).name)
            parser.stream.skip_if("comma")
        body = parser.parse_statements(("name:endcached",), drop_needle=True)
        piece = nodes.Template(body, lineno=line)
        piece.set_environment(self.environment)
        named = meta.find_undeclared_variables(piece)
        if foreign := named - {*keys, *self.environment.globals}:
            parser.fail(f"cached by {keys}, but names {sorted(foreign)}", line)
        place = nodes.Const(hashlib.sha256(repr(body).encode()).hexdigest())
        values = nodes.Tuple([nodes.Name(key, "load") for key in keys], "load")
        kept = parser.free_identifier()
        look = nodes.Assign(kept, nodes.Filter(place, self._LOOK, [values], [], None, None))
        render = nodes.CallBlock(self.call_method("_rendered", [place, values]), [], [], body)
        show = nodes.If(kept, [nodes.Output([kept])], [], [render])
        return [node.set_lineno(line) for node in (look, show)]

    @pass_context  # or Jinja would look once, when it compiles
    def _cached(self, _: Context, place: str, values: object) -> str:
        return self._pieces[place].get(values, "")

    def _rendered(self, place: str, values: object, caller: Callable[[], str]) -> str:
        renderings = self._pieces[place]
        if len(renderings) >= self.MOST:
            renderings.clear()
        rendering = renderings[values] = caller()
        return rendering


def escaped(value: Any) -> str:
    """Escape what is put out, and leave a str a str: `escape` makes a Markup of it, which takes three times as long.

    What is put out is only joined.
    """
    kind = type(value)
    if kind is str:
        return _in_html(value)
    return value if kind is Markup else escape(value)


_put_out: Callable[[str], Markup] = partial(str.__new__, Markup)  # by a macro, so escaped already


def direct_macro(  # as Jinja's generated code calls Macro
    environment: Environment,
    function: Callable[..., str],
    name: str,
    arguments: tuple[str, ...],
    *rest: bool,
) -> Callable[..., str]:
    """Make what runs a macro's function once its arguments are in place; Jinja's own looks for more than ours have."""
    macro = Macro(environment, function, name, arguments, *rest)  # type: ignore[arg-type] # a list, it says
    if macro.caller or macro.catch_kwargs or macro.catch_varargs:
        return macro
    number = len(arguments)

    def run(*args: Any, **named: Any) -> str:
        if len(args) < number:
            args += tuple([named.pop(each, missing) for each in arguments[len(args) :]])
        if named or len(args) > number:
            return macro(*args, **named)  # raises TypeError
        return _put_out(function(*args))

    return run


class Direct(CodeGenerator):
    """Writes calls and output as Python has them: no function that a template calls takes Jinja's context."""

    def visit_Call(  # noqa: N802 Jinja's
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 Jinja's
    ) -> None:
        """Write a call; Jinja's goes through Context.call, which looks for functions that take the context."""
        self.visit(node.node, frame)
        self.write("(")
        given = [("", each) for each in (*node.args, *node.kwargs)]
        for stars, argument in (*given, ("*", node.dyn_args), ("**", node.dyn_kwargs)):
            if argument:
                self.write(stars)
                self.visit(argument, frame)
                self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write that a macro is ours."""
        self.write("environment.")
        super().macro_def(macro_ref, frame)

    def _output_child_pre(self, *given: Any) -> None:
        _, frame, finalize = given
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(*given)
        else:
            self.write("environment.escaped(")


class Globals(Environment):
    """Gives each template its globals as a dict: a rendering copies them, and a ChainMap key by key."""

    code_generator_class = Direct
    escaped = staticmethod(escaped)
    Macro = staticmethod(direct_macro)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Take the globals as they are when a template is loaded."""
        return {**self.globals, **(d or {})}
