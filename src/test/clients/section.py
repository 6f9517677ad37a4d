"""Code that was written for OpenAI, with the client, the key and the model's name as it always had: section.py TRAIN VALIDATION.

Only OPENAI_BASE_URL and OPENAI_API_KEY say that it talks to Tuneplane; the organisation's alias map says what
gpt-4o-mini-2024-07-18 is now.
"""

import sys
import time

from openai import OpenAI

client = OpenAI()

with open(sys.argv[1], "rb") as f:
    training_file = client.files.create(file=f, purpose="fine-tune")
with open(sys.argv[2], "rb") as f:
    validation_file = client.files.create(file=f, purpose="fine-tune")

job = client.fine_tuning.jobs.create(
    training_file=training_file.id,
    validation_file=validation_file.id,
    model="gpt-4o-mini-2024-07-18",
    hyperparameters={"n_epochs": 1, "learning_rate_multiplier": 1.8, "batch_size": 4},
    suffix="customer-support-v1",
)
print(f"Job created: {job.id}, {job.status}")
while job.status not in ("succeeded", "failed", "cancelled"):
    time.sleep(2)
    job = client.fine_tuning.jobs.retrieve(job.id)
    for event in client.fine_tuning.jobs.list_events(fine_tuning_job_id=job.id, limit=5).data:
        print(f"  [{event.created_at}] {event.message}")
print(f"Model: {job.fine_tuned_model}, error: {job.error}")
if job.status != "succeeded":
    sys.exit(1)
response = client.chat.completions.create(
    model=job.fine_tuned_model,
    messages=[
        {"role": "system", "content": "You are a helpful customer support agent."},
        {"role": "user", "content": "I can't find my order confirmation email."},
    ],
    temperature=0.7,
    max_tokens=200,
)
print(response.choices[0].message.content)
sys.exit(0 if response.choices[0].message.content else 1)
