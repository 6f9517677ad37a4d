"""Writes the model of a GGUF file as a Hugging Face folder with fp32 weights: unpack-gguf.py FILE FOLDER."""

import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

source = pathlib.Path(sys.argv[1])
target = sys.argv[2]
loaded = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.float32)
dropped = ("quantization_config", "_model_name_or_path", "transformers_version", "model_type")
config = LlamaConfig(**{k: v for k, v in loaded.config.to_dict().items() if k not in dropped})
config.rms_norm_eps = 1e-5  # comes out of the file as 9.99999975e-06
config.architectures = ["LlamaForCausalLM"]
# A model that was loaded from GGUF can't be saved; one of the same shape can.
fresh = LlamaForCausalLM(config).float()
fresh.load_state_dict(loaded.state_dict())
fresh.tie_weights()
fresh.generation_config.pad_token_id = 2
fresh.save_pretrained(target)
AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(target)
