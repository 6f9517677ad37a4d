"""vLLM with an agent in front: it keeps the wanted adapters loaded, and lets nothing but questions through."""
