"""A file in which any known key has any shape, anywhere, loads or has readable errors."""

from hypothesis import given

from tests.loading.test_malformed_files import check
from tests.properties.shapes import misshapen_files
from tests.properties.support import EXAMPLES, reproducible
from tests.properties.toml import Table


@reproducible(10 * EXAMPLES)
@given(misshapen_files())
def test_a_file_of_another_shape_loads_or_has_readable_errors(file: Table) -> None:
    check(file)
