"""Evaluate metric math of CloudWatch for one period, as far as alarms of endpoints use it.

The syntax of these expressions is also valid in Python. A metric without data has no value, which functions ignore.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence

Value = float | None
_FUNCTIONS: dict[str, Callable[[Sequence[float]], float]] = {
    "AVG": lambda values: sum(values) / len(values),
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate_expression(expression: str, values: Mapping[str, Value]) -> Value:
    """Return the value of an expression, given the values of the metrics by ID, or None without data.

    Raises:
        NotImplementedError: the sandbox does not support the expression.

    """
    return _evaluate(ast.parse(expression, mode="eval").body, values)


def _evaluate(node: ast.expr, values: Mapping[str, Value]) -> Value:
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATORS:
            operands = (_evaluate(left, values), _evaluate(right, values))
            if operands[0] is None or operands[1] is None:
                return None
            return _OPERATORS[type(operation)](operands[0], operands[1])
        case ast.Call(func=ast.Name(id="FILL"), args=[metric, replacement]):
            value = _evaluate(metric, values)
            return _evaluate(replacement, values) if value is None else value
        case ast.Call(func=ast.Name(id=name), args=[ast.List(elts=elements)]) if name in _FUNCTIONS:
            present = [value for element in elements if (value := _evaluate(element, values)) is not None]
            return _FUNCTIONS[name](present) if present else None
    raise NotImplementedError(f"the sandbox does not support the expression {ast.unparse(node)}")
