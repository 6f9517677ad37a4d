"""The trainer of the `trl` image: Tuneplane's runner contract on TRL, PEFT and accelerate.

The contract is in `docs/runner.md`; the runner on this machine (Java) obeys the same one.
"""
