"""Just enough of C to find declarations in a kernel tree: comments and preprocessor gone, the options of each place remembered.

Nothing here compiles: both sides of an #if stay in the text, and what cannot be told is None.
"""
import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

COMMENT_OR_LITERAL = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
OPTION = re.compile(r"CONFIG_(\w+)")
MARK = re.compile(r"\x01([^\x02]*)\x02")
DEFINED = re.compile(r"(?:defined\s*\(?\s*)?((?!CONFIG_|__|MODULE\b|NOT_)[A-Za-z_]\w*)\s*\)?")
DEFINE = re.compile(r"#\s*define\s+(\w+)(\(([^)]*)\))?\s*(.*)$", re.DOTALL)
WORDS = "static|const|volatile|extern|unsigned|signed|long|short|int|char|bool|uint|ulong|ushort|u?int\\d+_t|[us]\\d+|size_t|__\\w+"
QUALIFIERS = ("static", "const", "volatile", "extern")
VARIABLES = re.compile(rf"^((?:(?:{WORDS})\s+)+)([^;(){{}}]*(?:=[^;{{}}]*)?);", re.MULTILINE)
VARIABLE = re.compile(r"((?:\*\s*)*)(\w+)\s*(?:\[([^\]]*)\])*\s*(?:__\w+(?:\([^)]*\))?\s*)*(?:=\s*(.*))?$", re.DOTALL)
FUNCTION = re.compile(r"^(?![ \t#}])[\w \t\*\n]*?\b(\w+)\s*\(([^;{}()]*(?:\([^;{}()]*\)[^;{}()]*)*)\)\s*(?:__\w+\s*)*\{", re.MULTILINE)
ASSIGNED = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)\s*(?:[-+*/|&^]|<<|>>)?=(?!=)")
COUNTED = re.compile(r"(?:\+\+|--)\s*(\w+)|\b(\w+)\s*(?:\+\+|--)")
STRINGS = re.compile(r'^(?:"((?:\\.|[^"\\])*)"\s*)+$')


class Variable(NamedTuple):
    type: str
    items: str | None   # of an array, as written
    value: str | None   # the initialiser; "" for none, which C makes 0; None for an array's, another file's, or one of several
    static: bool


def uncommented(text):
    text = text.replace("\\\n", " ")
    return COMMENT_OR_LITERAL.sub(lambda m: " " + "\n" * m[0].count("\n") if m[0][0] == "/" else m[0], text)


def needed(condition):
    """The options that must be on for an #if's condition to hold; fewer than there are where it is not that simple."""
    found = set()
    for part in condition.split("&&"):
        options = {option.removesuffix("_MODULE") for option in OPTION.findall(part)}
        if len(options) == 1 and "!" not in part and not re.search(r"[<>=]", part) and part.count("(") == part.count(")"):
            found |= options
        elif DEFINED.fullmatch(part.strip()):
            found.add("?" + DEFINED.fullmatch(part.strip())[1])
    return frozenset(found)


def decided(condition, config):
    """Whether an #if's condition holds with a configuration {option: value}; None where it hangs on anything else."""
    def option(found):
        name = found[2] or found[3]
        value = config.get(name.removesuffix("_MODULE"), "n")
        if found[1] == "IS_REACHABLE" and value == "m":
            return " UNKNOWN "
        of_module = found[1] == "IS_MODULE" or found[1] == "defined" and name.endswith("_MODULE")
        return f" {int(value != 'n' if found[1] == 'IS_ENABLED' else value == 'm' if of_module else value not in 'nm')} "

    if config is None and not condition.strip().isdigit():
        return None
    text = re.sub(r"\b(defined|IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE)(?:\s*\(\s*CONFIG_(\w+)\s*\)|\s+CONFIG_(\w+))", option, condition)
    text = OPTION.sub(lambda m: {"y": "1", "m": "0"}.get(config.get(m[1]), config.get(m[1], "0")), text)
    text = re.sub(r"&&", " and ", re.sub(r"\|\|", " or ", re.sub(r"!(?!=)", " not ", text)))
    answers = set()
    for unknown in ("0", "1", "999999999"):
        tried = re.sub(r"\b(?!and\b|or\b|not\b)[A-Za-z_]\w*(?:\s*\([^()]*\))?", unknown, text)
        if not re.fullmatch(r"(?:and|or|not|0x[0-9a-fA-F]+|\d+|[<>=!]=|[<>()\s])*", tried):
            return None
        try:
            answers.add(bool(eval(tried, {"__builtins__": {}})))  # numbers and comparisons alone, as just checked
        except (SyntaxError, TypeError):
            return None
    return answers.pop() if len(answers) == 1 else None


class Branch:
    """One side of an #if: `taken` is True, False, or None where that is not known; `options` as `needed` has them."""

    def __init__(self, condition, config, before=False):
        """`before`: whether a side before this one is taken."""
        self.options = needed(condition)
        holds = decided(condition, config)
        self.taken = False if before is True or holds is False else None if None in (before, holds) else True
        self._before = True if True in (before, holds) else None if None in (before, holds) else False

    def other(self, condition, config):
        return Branch(condition, config, self._before)


def matching(text, start):
    """Where the bracket at `start` is closed, strings skipped; None if it is not."""
    depth = 0
    for found in re.finditer(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|[()\[\]{}]', text[start:]):
        if found[0] in "([{":
            depth += 1
        elif found[0] in ")]}":
            depth -= 1
            if depth == 0:
                return start + found.start()
    return None


def split(text, by=","):
    """`text` at commas that are in no bracket and no string: [(offset, part)]."""
    parts, depth, last = [], 0, 0
    for found in re.finditer(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|[()\[\]{}]|' + re.escape(by), text):
        if found[0] in "([{":
            depth += 1
        elif found[0] in ")]}":
            depth -= 1
        elif found[0] == by and depth == 0:
            parts.append((last, text[last:found.start()]))
            last = found.end()
    return [*parts, (last, text[last:])]


def string(text):
    """The value of a string literal, or of several in a row; None for anything else."""
    text = text.strip()
    if not STRINGS.match(text):
        return None
    return "".join(re.findall(r'"((?:\\.|[^"\\])*)"', text))


class Source:
    """A C file as it reads without comments and directives."""

    def __init__(self, path, text, config=None):
        """`config`: {option: value} of what is on; without it, every side of every #if is taken."""
        self.path = path
        self._config = config
        self._on = frozenset(config or ())
        self.macros = {}   # NAME: (parameters or None, body); a plain NAME that is defined as two things is not here
        self.includes = {}  # file: the options that must be on for it to be included
        self.names = set()  # every name that is defined here
        marked = self._without_directives(uncommented(text))
        marked = self._expanded(marked)
        self._places, self._states, pieces, at = [0], [(frozenset(), None)], [], 0
        for found in MARK.finditer(marked):
            pieces += [marked[at:found.start()], " " * len(found[0])]
            at = found.end()
            options, prefix = found[1].split("\x03")
            self._places.append(found.start())
            self._states.append((frozenset(filter(None, options.split(","))), prefix or None))
        self.text = "".join([*pieces, marked[at:]])

    def gate(self, at):
        """The options that must be on for what stands at `at` to be compiled; with a "?" before them, names that must be defined."""
        return self._states[bisect_right(self._places, at) - 1][0]

    def alive(self, at):
        """Whether all that must be on there is on."""
        return self._config is None or all(option in self._on or option.startswith("?") for option in self.gate(at))

    def prefix(self, at):
        """MODULE_PARAM_PREFIX there, without its dot; None where it is the module's name."""
        return self._states[bisect_right(self._places, at) - 1][1]

    def _without_directives(self, text):
        out, stack, prefix = [], [], ""
        for line in text.split("\n"):
            options = frozenset().union(*(branch.options for branch in stack))
            dead = any(branch.taken is False for branch in stack)
            bare = line.lstrip()
            if not bare.startswith("#"):
                out.append("" if dead and options <= self._on else line)  # what is off for a reason that we can name is kept, with the reason
                continue
            found = re.match(r"(ifdef|ifndef|if|elif|else|endif|define|undef|include)\b\s*(.*)", bare[1:].lstrip(), re.DOTALL)
            word, rest = (found[1], found[2].strip()) if found else ("", "")
            if word in ("ifdef", "ifndef", "if"):
                stack.append(Branch("!defined(" + rest + ")" if word == "ifndef" else "defined(" + rest + ")" if word == "ifdef" else rest, self._config))
            elif word in ("elif", "else") and stack:
                stack[-1] = stack[-1].other(rest if word == "elif" else "1", self._config)
            elif word == "endif" and stack:
                stack.pop()
            elif dead:
                pass
            elif word == "define":
                self._define(bare)
                value = re.match(r'MODULE_PARAM_PREFIX\s+"([^"]*)\."\s*$', rest)
                prefix = value[1] if value else "" if rest.startswith("MODULE_PARAM_PREFIX") else prefix
            elif word == "undef" and rest.startswith("MODULE_PARAM_PREFIX"):
                prefix = ""
            elif word == "include" and rest.startswith('"'):
                self.includes[rest.split('"')[1]] = options
            options = frozenset().union(*(branch.options for branch in stack))
            out.append(f"\x01{','.join(sorted(options))}\x03{prefix}\x02")
        return "\n".join(out)

    def _define(self, line):
        found = DEFINE.match(line)
        if found:
            parameters = [p.strip() for p in found[3].split(",")] if found[2] else None
            name, body = found[1], found[4].strip()
            known = self.macros.get(name, (parameters, body))
            if name not in self.names or known == (parameters, body) and name in self.macros or parameters is not None:
                self.macros[name] = (parameters, body)
            else:
                self.macros.pop(name, None)
            self.names.add(name)

    def text_of(self, name):
        """The text that a name stands for: a macro's, a variable's, or that of one which the variable is set to."""
        if name in self.macros:
            return string(self.macros[name][1])
        for one in (name, *re.findall(rf"\b{name}\s*=\s*(\w+)\s*;", self.text), *re.findall(rf"\b\w+_{name}\b", self.text)):
            found = re.search(rf'\bchar\s+(?:\*\s*)?(?:const\s+)?{one}\s*(?:\[\s*\])?\s*(?:__\w+\s*)*=\s*("[^;]*);', self.text)
            if found:
                return string(found[1])
        return None

    @cached_property
    def _wrappers(self):
        """Macros with parameters whose bodies, or those of the macros that they use, declare what we look for."""
        words = re.compile(r"\.\s*procname\b|\b(?:module_param\w*|core_param\w*|early_param|__setup(?:_param)?)\s*\(")
        found = {name for name, (parameters, body) in self.macros.items() if parameters is not None and words.search(body)}
        while True:
            more = {name for name, (parameters, body) in self.macros.items()
                    if parameters is not None and name not in found and any(re.search(rf"\b{w}\s*\(", body) for w in found)}
            if not more:
                return found
            found |= more

    def _expanded(self, text):
        if not self._wrappers:
            return text
        call = re.compile(r"\b(" + "|".join(sorted(self._wrappers)) + r")\s*(?=\()")
        for _ in range(6):  # as deep as macros use each other
            out, at = [], 0
            for found in call.finditer(text):
                if found.start() < at:
                    continue
                end = matching(text, found.end())
                if end is None:
                    continue
                arguments = [MARK.sub(" ", part).strip() for _, part in split(text[found.end() + 1:end])]
                out += [text[at:found.start()], self._body(found[1], arguments)]
                at = end + 1
            if not out:
                return text
            text = "".join([*out, text[at:]])
        return text

    def _body(self, name, arguments):
        parameters, body = self.macros[name]
        if parameters and parameters[-1].endswith("..."):
            rest = ", ".join(arguments[len(parameters) - 1:])
            names = [*parameters[:-1], parameters[-1].removesuffix("...") or "__VA_ARGS__"]
            arguments = [*arguments[:len(parameters) - 1], rest]
        else:
            names = parameters
        values = dict(zip(names, arguments))
        body = re.sub(r"(?<!#)#\s*(\w+)|\b(\w+)\b",
                      lambda m: f'"{values[m[1]]}"' if m[1] in values else values.get(m[2], m[0]), body)
        return re.sub(r"\s*##\s*", "", body)

    @cached_property
    def functions(self):
        """{name: [(start, end)]} of the functions defined here; an #if's two sides may each have one of the name."""
        found = {}
        for match in FUNCTION.finditer(self.text):
            end = self.text.find("\n}", match.end())
            if end > 0:
                found.setdefault(match[1], []).append((match.start(), end))
        return {name: [place for place in places if self.alive(place[0])] or places for name, places in found.items()}

    def body(self, name):
        """The text of the functions of that name, from their heads on."""
        return "".join(self.text[start:end] for start, end in self.functions.get(name, []))

    def around(self, at):
        """The text of the function around `at`, up to there; all up to there outside of functions."""
        starts = [start for places in self.functions.values() for start, end in places if start <= at < end]
        return self.text[max(starts, default=0):at]

    @cached_property
    def variables(self):
        """{name: Variable} of the plain variables at the file's top level."""
        found, dead = {}, {}
        for match in VARIABLES.finditer(self.text):
            words = match[1].split()
            kind = " ".join(w for w in words if w not in QUALIFIERS and not w.startswith("__"))
            for _, part in split(match[2]):
                one = VARIABLE.match(part.strip())
                if one:
                    value = None if "extern" in words or one[3] else (one[4] or "").strip()
                    places = dead if not self.alive(match.start()) else found
                    places.setdefault(one[2], []).append(Variable(kind + one[1].replace(" ", ""), one[3] or None, value, "static" in words))
        return {name: self._one(declared) for name, declared in {**dead, **found}.items()}

    @staticmethod
    def _one(declared):
        defined = [d for d in declared if d.value is not None] or declared
        return defined[0] if len(set(defined)) == 1 else defined[0]._replace(value=None)  # else it is an #if's two sides

    @cached_property
    def assigned(self):
        """Names that code here gives a value, their declarations aside."""
        found = {m[1] for m in ASSIGNED.finditer(self.text) if self.text[self.text.rfind("\n", 0, m.start()) + 1:m.start() + 1][:1].isspace()}
        return found | {m[1] or m[2] for m in COUNTED.finditer(self.text)}
