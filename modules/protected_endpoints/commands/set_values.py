"""Change values of endpoints in endpoints.toml, which keeps its comments: for a job that opens a pull request.

A value is one that `--set` of other commands takes. The file has to have its key, on a line of its own, and nothing is
written for an invalid file.

Examples:
  protected-endpoints set endpoints.kmeans.image=111122223333.dkr.ecr.us-west-2.amazonaws.com/kmeans:2
  protected-endpoints set endpoints.fraud.models.champion.model_data_url=s3://my-bucket/2/model.tar.gz

"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copymode

from protected_endpoints.commands.command_line import CommandParser
from protected_endpoints.errors import CommandError, ConfigurationError, format_path
from protected_endpoints.loading.load import load
from protected_endpoints.loading.set_option import parse_set_values
from protected_endpoints.loading.set_values import SetValue
from protected_endpoints.loading.written_values import write_values


def run(arguments: Sequence[str]) -> None:
    """Write the file, and print each value with the one before."""
    parser = CommandParser("set", __doc__)
    parser.add_argument("values", nargs="+", metavar="KEY=VALUE", help="a key of an endpoint and its value")
    parser.add_file()
    options = parser.parse_args(arguments)
    try:
        written = _write(options.file, options.values)
    except ConfigurationError as error:  # about arguments of this command, not about the option
        raise ConfigurationError(
            replace(problem, option="" if problem.path else "set") for problem in error.problems
        ) from None
    for value in written:
        print(f"{format_path(value.path)}: {value.shown_value}")


def _write(file: Path, texts: Sequence[str]) -> tuple[SetValue, ...]:
    values = parse_set_values(texts)
    configuration = load(file, values)
    text = file.read_bytes().decode()
    mark = "\ufeff" if text.startswith("\ufeff") else ""  # which some editors of Windows write
    _replace(file.resolve(), f"{mark}{write_values(text.removeprefix(mark), values)}".encode())
    return configuration.set_values


def _replace(file: Path, content: bytes) -> None:
    """Write a file at once: an interrupted run or a full disk leaves the earlier content."""
    new = file.with_name(f".{file.name}.new")
    try:
        new.write_bytes(content)
        copymode(file, new)
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise CommandError(
            f"{file.name}: cannot be written ({error.strerror}); free space, or make its folder writable"
        ) from None
