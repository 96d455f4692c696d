"""What a plan or a synthesized folder has that this project does not write."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NotAdmitted:
    """A part of a stack that this project does not write.

    `address` is that of a resource, a type that is unknown as a whole, a top-level block, or a file. `argument` is a
    path without the indices of lists, and empty for the whole. `message` says in Markdown what is wrong. `type` is the
    type by which `review.toml` can admit it, and empty if nothing can.
    """

    address: str
    argument: str
    message: str
    type: str = ""
