import { describe, expect, it } from "@effect/vitest"
import * as Run from "../../src/runs/Run.js"

describe("a run's phase", () => {
  it("is read from Habu's word, in whatever case, and is unknown for a word that Habu adds", () => {
    const words = ["QUEUED", " partner_queued ", "PENDING_RETRY", "Running", "PARTNER_COMPLETED", "COMPLETED", "FAILED"]
    expect([...words, "PARTNER_FAILED", "ERROR", "Paused", "THROTTLED", "", undefined].map(Run.phaseOf)).toEqual([
      "queued",
      "queued",
      "queued",
      "running",
      "running",
      "completed",
      "failed",
      "failed",
      "failed",
      "paused",
      "unknown",
      "unknown",
      "unknown"
    ])
  })

  it("is over when nothing will change any more", () => {
    const phases = ["queued", "running", "unknown", "paused", "completed", "failed"] as const
    expect(phases.map(Run.isOver)).toEqual([false, false, false, false, true, true])
    expect(phases.map(Run.isStill)).toEqual([false, false, false, true, true, true])
  })
})

describe("a run as Habu tells of it", () => {
  it("keeps Habu's word, cleaned", () => {
    expect(Run.fromHabu("id", { status: "RUN\u200bNING\n" }, 5)).toMatchObject({ phase: "unknown", status: "RUNNING" })
    expect(Run.fromHabu("id", {}, 5)).toMatchObject({ phase: "unknown", status: "UNKNOWN", observedAt: 5, runId: "id" })
  })

  it("took as long as from handing it in to its end, if Habu says both", () => {
    const submittedAt = "2026-01-05T10:00:00Z"
    expect(Run.durationOf({ submittedAt, completedAt: "2026-01-05T10:20:00Z" })).toBe(20 * 60_000)
    expect(Run.durationOf({ submittedAt, completedAt: "2026-01-05T09:00:00Z" })).toBeUndefined()
    expect(Run.durationOf({ submittedAt })).toBeUndefined()
    expect(Run.durationOf({ completedAt: submittedAt })).toBeUndefined()
  })
})
