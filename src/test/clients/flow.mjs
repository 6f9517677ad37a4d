// The official Node client through a job and an answer: flow.mjs URL KEY MODEL. Prints one line a check, exits 1 if any failed.
import OpenAI, { toFile } from "openai";

const [url, key, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL: url + "/v1", apiKey: key, maxRetries: 0 });
let passed = 0;
let failed = 0;

function check(name, condition, found) {
  condition ? passed++ : failed++;
  console.log((condition ? "ok      " : "NOT SO  ") + name + (condition ? "" : ": " + JSON.stringify(found)));
}

async function refused(name, call, status, code) {
  try {
    check(name, false, await call());
  } catch (e) {
    check(name, e.status === status && (!code || e.code === code), [e.constructor.name, e.status, e.code, e.message]);
  }
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const pair = (i) =>
  JSON.stringify({
    input: { messages: [{ role: "user", content: "ping " + i }] },
    preferred_output: [{ role: "assistant", content: "pong " + i }],
    non_preferred_output: [{ role: "assistant", content: "no " + i }],
  }) + "\n";
const pairs = Array.from({ length: 12 }, (_, i) => pair(i)).join("");

const file = await client.files.create({ file: await toFile(Buffer.from(pairs), "pairs.jsonl"), purpose: "fine-tune" });
check("a file is uploaded", file.id.startsWith("file-") && file.bytes === pairs.length, file);
let job = await client.fineTuning.jobs.create({
  model,
  training_file: file.id,
  method: { type: "dpo", dpo: { hyperparameters: { beta: 0.1, n_epochs: 1 } } },
  suffix: "node-flow",
});
check("a job is accepted", job.object === "fine_tuning.job", job);
for (let i = 0; i < 1200 && !["succeeded", "failed", "cancelled"].includes(job.status); i++) {
  await wait(500);
  job = await client.fineTuning.jobs.retrieve(job.id);
}
check("preferences are tuned", job.status === "succeeded", [job.status, job.error]);
const ids = new Set();
for await (const event of client.fineTuning.jobs.listEvents(job.id, { limit: 2 })) ids.add(event.id);
check("its events are paged", ids.size > 2, ids.size);
const answer = await client.chat.completions.create({ model: job.fine_tuned_model, messages: [{ role: "user", content: "ping 1" }], max_tokens: 12, temperature: 0 });
check("the model answers", answer.choices[0].message.content.length > 0, answer);
let text = "";
for await (const chunk of await client.chat.completions.create({ model: job.fine_tuned_model, messages: [{ role: "user", content: "ping 1" }], max_tokens: 12, temperature: 0, stream: true }))
  text += chunk.choices[0]?.delta?.content ?? "";
check("streamed, it says the same", text === answer.choices[0].message.content, [text, answer.choices[0].message.content]);
await refused("a job that isn't there", () => client.fineTuning.jobs.retrieve("ftjob-none"), 404);
await refused("a job without a file", () => client.fineTuning.jobs.create({ model, training_file: "file-none" }), 400);
await refused("a wrong key", () => new OpenAI({ baseURL: url + "/v1", apiKey: "wrong", maxRetries: 0 }).models.list(), 401);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
