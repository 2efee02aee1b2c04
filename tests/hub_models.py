"""Small sentence-transformers models of random weights, saved as the hub keeps them."""

from pathlib import Path

from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer


def save_bert(folder: Path) -> Path:
    """A transformer whose words are letters."""
    BertModel(_config(folder)).save_pretrained(folder)
    return folder


def save_classifier(folder: Path, labels: list[str], favoured: int | None = None) -> str:
    """A classifier over such a transformer, that always says the favoured label; its folder."""
    config = _config(folder)
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: place for place, label in enumerate(labels)}
    model = BertForSequenceClassification(config)
    if favoured is not None:
        model.classifier.bias.data[favoured] = 100.0
    model.save_pretrained(folder)
    return str(folder)


def _config(folder: Path) -> BertConfig:
    """A small transformer's shape; its tokenizer is saved in the folder."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", *letters]
    vocabulary += [f"##{letter}" for letter in letters]
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    BertTokenizer(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    return BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
    )


def save_model(bert: Path, folder: Path, prompts: dict[str, str] | None = None) -> str:
    """A sentence-transformers model over it; its folder, which is a name to load it by."""
    transformer = Transformer(str(bert))
    pooling = Pooling(transformer.get_embedding_dimension())
    model = SentenceTransformer(modules=[transformer, pooling], prompts=prompts, device="cpu")
    model.save(str(folder))
    return str(folder)
