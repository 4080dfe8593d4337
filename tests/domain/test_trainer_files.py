import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import trainer_files
from tagging.domain.captions import Profile
from tagging.domain.trainer_files import ExportedImage, ManifestDataset


def image(number: int = 1, *, tags: tuple[str, ...] = (), caption: str = "ohwx") -> ExportedImage:
    return ExportedImage(
        number=number,
        first_name=f"{number}.png",
        first_sha256="a" * 64,
        name=f"img_{number:03}.png",
        sha256="b" * 64,
        state="done",
        tags=tags,
        description="",
        caption=caption,
    )


def dataset(*, trigger: str = "ohwx", profile: Profile = Profile.TAGS_DESCRIPTION) -> ManifestDataset:
    return ManifestDataset("My cats", "my-cats", "img", trigger, profile)


def test_tags_txt_puts_the_most_used_first_then_by_code_point() -> None:
    images = [image(1, tags=("b", "é", "a", "Z")), image(2, tags=("é", "b")), image(3, tags=("é",))]

    assert trainer_files.tags_txt(images) == "é\nb\nZ\na\n"


def test_tags_txt_without_tags_is_empty() -> None:
    assert trainer_files.tags_txt([image()]) == ""


def test_metadata_jsonl_is_in_name_order_with_the_file_name_first() -> None:
    images = [image(2, tags=("é",), caption='é "x"'), image(1, caption="")]

    assert trainer_files.metadata_jsonl(images) == (
        '{"file_name": "img_001.png", "text": "", "tags": []}\n'
        '{"file_name": "img_002.png", "text": "é \\"x\\"", "tags": ["é"]}\n'
    )


def test_dataset_toml_is_the_text_that_sd_scripts_was_run_with() -> None:
    assert (
        trainer_files.dataset_toml(trigger="ohwx woman", dataset_name="My cats")
        == """\
# sd-scripts resolves image_dir against the directory you start it in, not against this file.
[general]
enable_bucket = true
caption_extension = ".txt"
shuffle_caption = false      # true forbids the text-encoder cache Flux training uses
keep_tokens = 1              # the trigger (0 without one)

[[datasets]]
resolution = 1024
batch_size = 1

  [[datasets.subsets]]
  image_dir = '.'
  num_repeats = 1
  class_tokens = 'ohwx woman'
"""
    )


def test_dataset_toml_without_a_trigger_names_the_dataset() -> None:
    text = trainer_files.dataset_toml(trigger="", dataset_name="My cats", image_dir="10_cats", num_repeats=10)
    content = tomllib.loads(text)

    assert content["general"]["keep_tokens"] == 0
    assert content["datasets"][0]["subsets"] == [{"image_dir": "10_cats", "num_repeats": 10, "class_tokens": "My cats"}]


@pytest.mark.parametrize("quotes", ["'", '"', ""])
@given(data=st.data())
def test_dataset_toml_quotes_any_name(quotes: str, data: st.DataObject) -> None:
    name = data.draw(st.text(st.sampled_from("aé猫 \\#[]={}un" + quotes), min_size=1))
    content = tomllib.loads(trainer_files.dataset_toml(trigger="", dataset_name=name))

    assert content["datasets"][0]["subsets"][0]["class_tokens"] == name


def test_dataset_toml_takes_a_name_with_both_kinds_of_quotes() -> None:
    content = tomllib.loads(trainer_files.dataset_toml(trigger="", dataset_name='Ada\'s "cats"'))

    assert content["datasets"][0]["subsets"][0]["class_tokens"] == 'Ada’s "cats"'


def test_readme_begins_with_the_data_files() -> None:
    text = trainer_files.readme(dataset(), [image()])

    assert text.startswith(
        "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path:\n    - metadata.jsonl\n"
        '    - "**/*.png"\n    - "**/*.jpg"\n    - "**/*.jpeg"\n    - "**/*.webp"\n---\n\n# My cats\n'
    )


@pytest.mark.parametrize(
    "trainer", ["sd-scripts", "ai-toolkit", "OneTrainer", "diffusers", "SimpleTuner", "diffusion-pipe", "Civitai"]
)
def test_readme_has_a_heading_for_each_trainer(trainer: str) -> None:
    headings = [line for line in trainer_files.readme(dataset(), [image()]).splitlines() if line.startswith("## ")]

    assert sum(trainer in heading for heading in headings) == 1


@pytest.mark.parametrize(
    ("profile", "box"),
    [(Profile.TAGS, "**Tag**"), (Profile.TAGS_DESCRIPTION, "**Tag**"), (Profile.DESCRIPTION, "**Caption**")],
)
def test_readme_tells_which_box_to_pick_on_civitai(profile: Profile, box: str) -> None:
    text = trainer_files.readme(dataset(profile=profile), [image()])

    assert f"box “Found labels” pick {box}" in " ".join(text.split())


def test_readme_gives_ai_toolkit_the_trigger_in_quotes() -> None:
    assert '\n        trigger_word: "oh\\"wx"\n        datasets:' in trainer_files.readme(dataset(trigger='oh"wx'), [])


def test_readme_without_a_trigger_names_none() -> None:
    assert "trigger_word" not in trainer_files.readme(dataset(trigger=""), [image()])


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        ([image()], "1 image, each with its caption"),
        ([image(1), image(2)], "2 images, each with its caption in a `.txt` file of the same name."),
        ([image(1), image(2, caption="")], "of the same name, except 1 that nobody tagged."),
        ([image(caption="")], "1 image.\n"),
    ],
)
def test_readme_counts_images_and_captions(images: list[ExportedImage], sentence: str) -> None:
    assert sentence in trainer_files.readme(dataset(), images)


def test_readme_names_the_folder_of_the_pictures() -> None:
    text = trainer_files.readme(dataset(), [image()], image_dir="10_ohwx")

    assert text.count("`10_ohwx`") == 4


def test_metadata_jsonl_reads_back() -> None:
    rows = [json.loads(line) for line in trainer_files.metadata_jsonl([image(1, tags=("a", "b"))]).splitlines()]

    assert rows == [{"file_name": "img_001.png", "text": "ohwx", "tags": ["a", "b"]}]
