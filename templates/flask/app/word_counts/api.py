"""Word counts for programs."""

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from app.api.bodies import Input
from app.api.tokens import reads
from app.word_counts import count

blueprint = APIBlueprint(
    "word_counts_api", __name__, url_prefix="/api/v1/word-counts", tag="Word counts"
)


class Text(Input):
    """A text."""

    text: str = Field(examples=["Hello, world!"])


class WordCount(BaseModel):
    """How long a text is."""

    words: int = Field(examples=[2])
    characters: int = Field(examples=[13])


@blueprint.post("/")
@reads
@blueprint.input(Text, arg_name="sent")
@blueprint.output(WordCount)
@blueprint.doc(operation_id="count_words")
def count_words(sent: Text) -> dict[str, int]:
    """Count the words and the characters of a text."""
    return count(sent.text)
