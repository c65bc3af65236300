"""List the old names of template variables, fields and macros; templates may still use them."""

from collections.abc import Callable, Mapping

#: Variables of a template's context: old name to new name.
VARIABLES: Mapping[str, str] = {
    "answer": "action_link",
    "late": "hours_late",
}

#: Fields of a value in a template's context, by the name of its class.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "Action": {"act": "kind"},
    "ActionRequest": {"act": "action"},
    "Counts": {"retold": "duplicates"},
    "Question": {"acts": "actions", "order": "request"},
    "StorySoFar": {"told_at": "sent_at"},
    "Subscription": {"reader": "recipient"},
}

#: Macros and tables of a template that others import, by its file name.
MACROS: Mapping[str, Mapping[str, str]] = {
    "words.j2": {
        "ACTS": "ACTIONS",
        "ACTS_DONE": "ACTIONS_DONE",
        "gist": "summary",
        "untold": "not_sent",
    },
}

#: Called with a template's file name, an old name and its new name.
OnOldName = Callable[[str, str, str], None]


def new_field(class_name: str, name: str) -> str:
    """Return the new name of a field; "" if the name is not an old one."""
    return FIELDS.get(class_name, {}).get(name, "")


def old_macros(template: str) -> frozenset[str]:
    """Return the old names of a template's macros."""
    return frozenset(MACROS.get(template, {}))


def other_macro(template: str, name: str) -> str:
    """Return the other name of a macro; "" if it has none.

    That is the new name of an old one. For a new one it is the old name, because an operator's copy of a
    template may still define it so.
    """
    renamed = MACROS.get(template, {})
    old_names = {new: old for old, new in renamed.items()}
    return renamed.get(name) or old_names.get(name, "")
