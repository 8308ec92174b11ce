"""Tables of terminals, by noun."""

from zhiheng.terminals.models.register import TerminalClaim, TerminalKnock
from zhiheng.terminals.models.terminals import Terminal, TerminalCommand, TerminalUser
from zhiheng.terminals.models.uploads import TerminalEvent, TerminalUpload, UnknownPunch

__all__ = [
    "Terminal", "TerminalClaim", "TerminalCommand", "TerminalEvent", "TerminalKnock", "TerminalUpload",
    "TerminalUser", "UnknownPunch",
]  # fmt: skip
