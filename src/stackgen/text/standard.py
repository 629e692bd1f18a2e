"""What came of a standard that was tried out, in words."""

from __future__ import annotations

from stackgen.team.proving import Proof


def proof_text(proof: Proof) -> str:
    """Return what breaks, each with the first project in which it does, or that nothing does."""
    tried = f"{proof.projects} projects were made with the standard {proof.name}"
    if not proof.problems:
        return f"{tried}: nothing breaks."
    things = "one thing breaks" if len(proof.problems) == 1 else f"{len(proof.problems)} break"
    lines = [f"{tried}: {things}."]
    for problem in proof.problems:
        values = ", ".join(f"{name}={value}" for name, value in problem.options.items())
        lines += [
            "",
            f"  {problem.text}",
            f"    with {problem.framework}: {values or 'any options'}",
        ]
    return "\n".join(lines)
