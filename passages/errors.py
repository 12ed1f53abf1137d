"""The errors that a caller has to know; every other exception is a bug.

The message is one sentence for the user: which file or name, what is wrong, what to do about it.
Each class also has the built-in base that fits it, so `except FileNotFoundError` finds `NoIndex`.
"""

from __future__ import annotations


class PassagesError(Exception):
    """Something that the user or the operator can put right."""


class NoCorpus(PassagesError, FileNotFoundError):
    """There is no folder of articles."""


class NoArticles(PassagesError, ValueError):
    """Not one article in the corpus can be read; the message says why for each file."""


class UnreadableFile(PassagesError, ValueError):
    """A file in the corpus cannot be read as an article; the build goes on without it."""


class DraftLeftOut(UnreadableFile):
    """A file whose author has not published it yet."""


class MissingExtra(PassagesError, ValueError):
    """An optional library is not installed; the message says how to install it."""


class ModelUnavailable(PassagesError, ValueError):
    """There is no such model, it is not installed, or its files cannot be loaded."""


class NoIndex(PassagesError, FileNotFoundError):
    """There is no snapshot to serve yet."""


class IndexDamaged(PassagesError, ValueError):
    """A snapshot is not what its manifest says; the message names the command that mends it."""


class IndexUnusable(PassagesError, RuntimeError):
    """A fault in Passages keeps a snapshot from being used; the log has its traceback."""


class IndexNotWritten(PassagesError, OSError):
    """The index cannot be written: no space, no permission. The old snapshot still serves."""


class BuildRunning(PassagesError, RuntimeError):
    """Another build of the same index is running."""


class NoQuestions(PassagesError, FileNotFoundError):
    """There is no file of judged questions."""


class BadQuestions(PassagesError, ValueError):
    """Judged questions cannot be read, or do not fit the articles or each other."""


class PartMissing(PassagesError, RuntimeError):
    """A shard cannot be asked, so there is no answer: one that lacks a part would mislead."""


class ServiceUnavailable(PassagesError, ConnectionError):
    """A service used as an index cannot be reached, or does not answer like one."""


class StoreUnavailable(PassagesError, ConnectionError):
    """Object storage cannot be reached, or refuses."""


class BadSetting(PassagesError, ValueError):
    """An option, a setting or a file of settings has an invalid value."""
