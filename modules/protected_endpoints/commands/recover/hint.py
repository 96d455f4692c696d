"""Say what would refuse a deployment, before it and after one that failed.

What fails or stops after AWS created something and before Terraform has seen it whole leaves it tainted. Terraform then
wants to replace it, which cannot succeed (`SynthesizedStack.tainted`).
"""

import sys

from protected_endpoints.commands.synthesized_stack import STACKS, SynthesizedStack
from protected_endpoints.errors import CommandError


def hint(name: str) -> str:
    """Return what to type where a stack has tainted resources that Terraform cannot replace, or nothing."""
    try:
        addresses = SynthesizedStack(name).tainted()
    except CommandError:  # what the failure itself says is enough where there is no state to read
        return ""
    if not addresses:
        return ""
    untaint = [f"terraform -chdir={STACKS / name} untaint {address}" for address in addresses]
    return (
        f"{name}: {', '.join(addresses)} exists and is tainted, and Terraform cannot replace it; keep it: "
        f"{' && '.join(untaint)} && make deploy STACK={name}"
    )


def main() -> None:
    """Print the hints for the named stacks, or for all that are synthesized; exit with 1 if there are any."""
    names = sys.argv[1:] or sorted(folder.name for folder in STACKS.glob("*"))
    if said := [text for name in names if (text := hint(name))]:
        sys.exit("\n".join(said))


if __name__ == "__main__":
    main()
