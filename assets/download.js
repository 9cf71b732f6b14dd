// Runs once, where a file is handed over to be saved. Gradio hands in `element` and `watch`.

watch("value", () => element.querySelector("a")?.click());
