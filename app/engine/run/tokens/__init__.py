"""Tokens: the tree that holds them, the variables they see, the command that moves them."""

from app.engine.run.tokens import undated
from app.engine.run.tokens.token import STARTED, WAITING, Token
from app.engine.run.tokens.tree import Instance, Node, ProcessSpec
from app.engine.run.tokens.turn import MOST_STEPS, Post, Turn, about
from app.engine.run.tokens.undated import refuse
from app.engine.run.tokens.variables import (
    assign,
    declared,
    evaluate,
    first_value,
    give_outputs,
    mapped,
    normal,
    only_declared,
    truth,
    visible,
    work_out_undated,
    worked_out,
)

__all__ = [
    "MOST_STEPS",
    "STARTED",
    "WAITING",
    "Instance",
    "Node",
    "Post",
    "ProcessSpec",
    "Token",
    "Turn",
    "about",
    "assign",
    "declared",
    "evaluate",
    "first_value",
    "give_outputs",
    "mapped",
    "normal",
    "only_declared",
    "refuse",
    "truth",
    "undated",
    "visible",
    "work_out_undated",
    "worked_out",
]
