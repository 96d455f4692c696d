"""Keys of maps that users name, such as tags."""

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

# In JavaScript this key of an object is no entry but its prototype, so jsii refuses it.
PROTOTYPE = "__proto__"


def _is_supported(value: str) -> str:
    if value == PROTOTYPE:
        raise PydanticCustomError("prototype", "must not be the name of the prototype in JavaScript")
    return value


MAP_KEY = AfterValidator(_is_supported)
