"""Python values as TypeScript, and the parameters that a TypeScript cell declares."""

import json
import math
import re

from papermill.models import Parameter
from papermill.translators import Translator

_MAX_SAFE_INTEGER = 2**53 - 1
_NAME = re.compile(r"(?!\d)[\w$]+")
_DECLARATION = re.compile(
    r"""^\s*(?:export\s+)?(?:let|const|var)\s+
    (?P<name>[\w$]+)\s*
    (?::\s*(?P<type>[^=]+?)\s*)?
    =\s*(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[^;]*?)\s*;?\s*
    (?://\s*(?P<help>.*))?$""",
    re.VERBOSE,
)


class TypeScriptTranslator(Translator):
    """Writes `let day = "2022-06-10";`, which takes the place of the notebook's own declaration."""

    @classmethod
    def translate_str(cls, val):
        return json.dumps(val, ensure_ascii=False)

    @classmethod
    def translate_escaped_str(cls, str_val):
        return json.dumps(str(str_val), ensure_ascii=False)

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        # A number would not hold it exactly.
        return f"{val}n" if abs(val) > _MAX_SAFE_INTEGER else str(val)

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "NaN"
        if math.isinf(val):
            return "Infinity" if val > 0 else "-Infinity"
        return repr(val)

    @classmethod
    def translate_list(cls, val):
        return f"[{', '.join(cls.translate(item) for item in val)}]"

    @classmethod
    def translate_dict(cls, val):
        members = ", ".join(f"{cls._member_name(str(key))}: {cls.translate(item)}" for key, item in val.items())
        return f"{{ {members} }}" if members else "{}"

    @classmethod
    def _member_name(cls, name):
        # In a literal, a plain __proto__ would be the prototype.
        return '["__proto__"]' if name == "__proto__" else json.dumps(name, ensure_ascii=False)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be a parameter: it is no TypeScript name")
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        found = (_DECLARATION.match(line) for line in parameters_cell["source"].splitlines())
        return [
            Parameter(
                name=match["name"],
                inferred_type_name=match["type"] or "None",
                default=match["value"].strip(),
                help=match["help"] or "",
            )
            for match in found
            if match
        ]
