"""Small networks for sound: ONNX files whose answers are known, and models of the hub with random weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

RATE = 16_000
LOW, HIGH = 200, 1000
TONES = ("low tone", "high tone", "silence")
TOWER = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
WORDS = ["<s>", "<pad>", "</s>", "<unk>", "This", "is", "a", "sound", "of", "dog", "rain", "wind", "."]


def save_tone_network(
    path: Path, shape: Sequence[int | str] = (1, "samples"), *, scores: str = "", moments: bool = False, gain: float = 1
) -> Path:
    """Save a network that tells a tone of 200 Hz, one of 1,000 Hz, and silence, at 16,000 samples a second.

    ``shape`` is that of its input; ``scores`` an operator that ends it, such as ``Softmax``. With ``moments`` it gives
    numbers for every stretch of 10 milliseconds. ``gain`` multiplies what it gives.
    """
    onnx = pytest.importorskip("onnx", reason="the package onnx makes the file")
    helper, types = onnx.helper, onnx.TensorProto
    moment = np.arange(160) / RATE
    waves = [wave(2 * np.pi * pitch * moment) for pitch in (LOW, HIGH) for wave in (np.sin, np.cos)]
    # Power of both tones, and a constant that both must exceed.
    weights = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]], np.float32) * np.float32(gain / 10)
    constants = {
        "waves": np.array(waves, np.float32)[:, None],
        "weights": weights,
        "bias": np.array([0, 0, 10], np.float32) * np.float32(gain),
        "row": np.array([1, 1, -1], np.int64),
    }
    nodes = [
        helper.make_node("Reshape", ["samples", "row"], ["one"]),
        helper.make_node("Conv", ["one", "waves"], ["parts"], strides=[160]),
        helper.make_node("Mul", ["parts", "parts"], ["powers"]),
        helper.make_node("Transpose", ["powers"], ["in_time"], perm=[0, 2, 1]),
    ]
    axes = {} if moments else {"axes": [1]}
    nodes.append(
        helper.make_node("Identity", ["in_time"], ["means"])
        if moments
        else helper.make_node("ReduceMean", ["in_time"], ["means"], keepdims=0, **axes)
    )
    nodes += [helper.make_node("MatMul", ["means", "weights"], ["weighted"])]
    nodes += [helper.make_node("Add", ["weighted", "bias"], ["sums" if scores else "logits"])]
    if scores:
        nodes.append(helper.make_node(scores, ["sums"], ["logits"]))
    graph = helper.make_graph(
        nodes,
        "tones",
        [helper.make_tensor_value_info("samples", types.FLOAT, list(shape))],
        [helper.make_tensor_value_info("logits", types.FLOAT, [1, "moments", 3] if moments else [1, 3])],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    path.with_suffix(".labels.txt").write_text("\n".join(TONES), encoding="utf-8")
    return path


def tone(hertz: float, seconds: float, rate: int = RATE, level: float = 0.5) -> Any:
    """Make samples of a tone."""
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def noise(seconds: float, rate: int = RATE) -> Any:
    return np.random.default_rng(3).uniform(-0.3, 0.3, round(seconds * rate)).astype(np.float32)


def save_hub_model(folder: Path, family: str, labels: Sequence[str] = ("rain", "wind", "dog"), **more: Any) -> Path:
    """Save a model of the hub with random weights: ``ast``, ``wav2vec2``, ``hubert``, ``wavlm`` or ``whisper``."""
    transformers = pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
    named: dict[str, Any] = {
        "id2label": dict(enumerate(labels)),
        "label2id": {label: number for number, label in enumerate(labels)},
        **more,
    }
    if family == "ast":
        configuration = transformers.ASTConfig(
            **TOWER, max_length=200, num_mel_bins=16, patch_size=8, frequency_stride=8, time_stride=8, **named
        )
        network, prepares = (
            transformers.ASTForAudioClassification,
            transformers.ASTFeatureExtractor(max_length=200, num_mel_bins=16),
        )
    elif family == "whisper":
        configuration = transformers.WhisperConfig(
            d_model=16,
            encoder_layers=1,
            encoder_attention_heads=2,
            encoder_ffn_dim=16,
            decoder_layers=1,
            decoder_attention_heads=2,
            decoder_ffn_dim=16,
            num_mel_bins=80,
            max_source_positions=100,
            vocab_size=10,
            classifier_proj_size=8,
            pad_token_id=0,
            bos_token_id=0,
            eos_token_id=0,
            decoder_start_token_id=0,
            **named,
        )
        network, prepares = (
            transformers.WhisperForAudioClassification,
            transformers.WhisperFeatureExtractor(chunk_length=2),
        )
    else:
        kind = {"wav2vec2": "Wav2Vec2", "hubert": "Hubert", "wavlm": "WavLM"}[family]
        configuration = getattr(transformers, f"{kind}Config")(
            **TOWER,
            conv_dim=(8,) * 7,
            num_conv_pos_embeddings=16,
            num_conv_pos_embedding_groups=2,
            classifier_proj_size=8,
            vocab_size=5,
            **named,
        )
        network = getattr(transformers, f"{kind}ForSequenceClassification")
        prepares = transformers.Wav2Vec2FeatureExtractor(sampling_rate=8000 if family == "hubert" else 16_000)
    transformers.set_seed(7)
    made = network(configuration)
    # Random weights alone answer nearly the same to every sound.
    for name, weights in made.named_parameters():
        if "classif" in name or "projector" in name:
            weights.data.normal_(0, 0.4)
    made.save_pretrained(folder)
    prepares.save_pretrained(folder)
    return folder


def save_clap(folder: Path) -> Path:
    """Save a CLAP with random weights, which hears one second and reads the words of ``WORDS``."""
    transformers = pytest.importorskip("transformers", reason="transformers comes with pip install 'tidymedia[hub]'")
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers comes with pip install 'tidymedia[hub]'")
    made = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="<unk>")
    )
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.post_processor = tokenizers.processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<unk>"
    )
    text = {**TOWER, "vocab_size": len(WORDS), "max_position_embeddings": 22, "pad_token_id": 1}
    audio = {
        "window_size": 2,
        "num_mel_bins": 16,
        "spec_size": 32,
        "patch_size": 4,
        "patch_stride": [4, 4],
        "hidden_size": 16,
        "depths": [1, 1],
        "num_attention_heads": [2, 2],
        "patch_embeds_hidden_size": 8,
        "num_hidden_layers": 2,
        "enable_fusion": False,
    }
    transformers.set_seed(2)
    network = transformers.ClapModel(
        transformers.ClapConfig(text_config=text, audio_config=audio, projection_dim=8, bos_token_id=0, eos_token_id=2)
    )
    network.save_pretrained(folder)
    prepares = transformers.ClapFeatureExtractor(
        feature_size=16,
        sampling_rate=16_000,
        hop_length=320,
        max_length_s=1,
        fft_window_size=400,
        frequency_max=8000,
        truncation="rand_trunc",
    )
    transformers.ClapProcessor(feature_extractor=prepares, tokenizer=tokenizer).save_pretrained(folder)
    return folder
