"""The errors that the loader reports before any rule runs, by ID. Rules have IDs of the same form."""

LOADER_ERRORS = {
    "file-not-found": "The file does not exist.",
    "file-not-readable": "The file is not a regular file, or not UTF-8, or its permissions do not allow reading it.",
    "file-too-large": "The file has more than 10,000,000 bytes.",
    "file-empty": "The file has no tables.",
    "toml-syntax": "The file is not valid TOML 1.0.",
    "nesting-too-deep": "Tables or lists are nested more than 50 levels deep.",
    "required-key": "A required key or table is missing.",
    "unknown-key": "A table does not have this key.",
    "unsupported-key": "A key for a feature that SageMaker, the AWS provider or this project does not support.",
    "invalid-value": "A value does not match the type, the pattern or the limits of its key.",
    "invalid-key": "The key of a map, such as a tag key, does not match its pattern.",
    "unknown-environment": "An endpoint refers to an environment that the file does not define.",
    "override-without-effect": "An override has an empty table, which changes nothing because tables are merged.",
    "audit-without-endpoints": "An environment without endpoints has a trail, which would record nothing.",
    "stack-name-conflict": "Two stacks have the same name, `<environment>-<endpoint>`.",
    "set-value": "`--set` names a key or a value that it cannot set.",
    "too-many-errors": "A table has more than 200 errors, or a file as many invalid endpoints; the rest is omitted.",
}
