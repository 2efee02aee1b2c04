import pytest
from pydantic import BaseModel

from qa.serve.api import documents, schemas

MODELS = [
    model
    for module in (documents, schemas)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and model is not BaseModel
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_examples_fit(model: type[BaseModel]) -> None:
    extra = model.model_config.get("json_schema_extra", {})
    assert isinstance(extra, dict)
    examples = extra.get("examples", [])
    assert isinstance(examples, list)
    for example in examples:
        model.model_validate(example)
