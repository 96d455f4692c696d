"""Say after a failed deployment what would refuse every later one: `python -m modules.recover.hint [STACK...]`.

What fails between CreateKey and the end of the same resource leaves it tainted, and so does a bucket. A plan then
wants to replace it, and `prevent_destroy` refuses that for ever.
"""

import sys

from modules.command import CommandError
from modules.synthesized_stack import STACKS, SynthesizedStack


def hints(name: str) -> list[str]:
    """Return what to type for each tainted resource of a stack that Terraform must not destroy."""
    try:
        addresses = SynthesizedStack(name).held_by_a_taint()
    except CommandError:  # what the failure itself says is enough where there is no state to read
        return []
    return [
        f"{name}: {address} exists and is tainted, and Terraform refuses to replace it; keep it: "
        f"terraform -chdir={STACKS / name} untaint {address} && make deploy STACK={name}"
        for address in addresses
    ]


def main() -> None:
    """Print the hints for the named stacks, or for all that are synthesized."""
    for name in sys.argv[1:] or sorted(folder.name for folder in STACKS.glob("*")):
        for hint in hints(name):
            print(hint, file=sys.stderr)


if __name__ == "__main__":
    main()
