import { expect, it } from "@effect/vitest"
import * as Answers from "../../src/mcp/Answers.js"

it("pictures and files stand behind the text, and not among the facts", () => {
  const { content, structuredContent } = Answers.fromAnswer({
    status: "done",
    summary: "A chart is attached.",
    attachments: [
      { _tag: "Image", mimeType: "image/png", bytes: new Uint8Array([0x89, 0x50, 0x4E, 0x47]) },
      { _tag: "File", uri: "file:///exports/a.csv", name: "a.csv", mimeType: "text/csv", size: 12 }
    ]
  }, false)
  expect(content).toEqual([
    { type: "text", text: "A chart is attached.\n\n{\"status\":\"done\"}" },
    { type: "image", data: "iVBORw==", mimeType: "image/png" },
    { type: "resource_link", uri: "file:///exports/a.csv", name: "a.csv", mimeType: "text/csv", size: 12 }
  ])
  expect(structuredContent).toEqual({ status: "done", summary: "A chart is attached." })
})
