/**
 * What was looked at for a question, in the order of the triage.
 *
 * @since 0.1.0
 */
import * as Text from "../../habu/Text.js"
import * as Preflight from "../question/Preflight.js"
import * as Words from "../Words.js"
import { type Check, detect, type Investigation } from "./Finding.js"
import * as Heard from "./Heard.js"
import type { Evidence } from "./Question.js"
import { detectors } from "./QuestionDetectors.js"

const quoted = (text: string | undefined, limit = 200) => JSON.stringify(Text.clean(text ?? "", limit))

const runCheck = ({ run }: Evidence): ReadonlyArray<Check> => {
  if (run === undefined) return [{ check: "run", result: "note", found: "The question has no run to look at." }]
  const { failureReason, isRetryable, name, runMessage, status, submittedAt } = run.run
  const said = [failureReason, runMessage].flatMap((text) => text === undefined || text === "" ? [] : [quoted(text)])
  return [{
    check: "run",
    result: run.phase === "failed" ? "problem" : "note",
    found: [
      `${quoted(name, 80)} of ${Words.moment(submittedAt) ?? "an unknown time"}: ${Text.clean(status ?? "?", 40)}`,
      ...said,
      ...(run.phase === "failed" ? [isRetryable === true ? "a retry may help" : "a retry will not help"] : [])
    ].join("; ")
  }]
}

const auditCheck = ({ run }: Evidence): ReadonlyArray<Check> =>
  Heard.check("audit of the run", run?.audit, ({ auditDetails = [] }) => {
    const last = auditDetails.at(-1)
    return {
      result: "note",
      found: last === undefined
        ? "no events"
        : `${Words.count(auditDetails.length, "event")}, the last ${Text.clean(last.eventType ?? "?", 40)} at ${
          Words.moment(last.eventTime) ?? "an unknown time"
        }`
    }
  })

const resultCheck = ({ before, run }: Evidence): ReadonlyArray<Check> => [
  ...Heard.check("result", run?.result, (result) => ({
    result: (result.count ?? 0) === 0 ? "problem" : "ok",
    found: Words.count(result.count ?? result.stats?.length ?? 0, "row")
  })),
  ...Heard.check("earlier equal run", before?.result, (result) => ({
    result: "note",
    found: `${Words.count(result.count ?? 0, "row")}, ${Words.moment(before?.run.submittedAt) ?? "time unknown"}`
  }))
]

const datasetsCheck = ({ datasets }: Evidence): ReadonlyArray<Check> =>
  Heard.check("datasets of its macros", datasets, (all) => {
    const open = all.filter((dataset) => !Preflight.isAssigned(dataset))
    return {
      result: open.length === 0 ? "ok" : "problem",
      found: open.length === 0
        ? `all ${all.length} assigned`
        : `none for ${
          open.map(({ macro, organizationName }) =>
            `@${Text.clean(macro ?? "?", 50)} (${Text.clean(organizationName ?? "?", 60)})`
          )
            .join(", ")
        }`
    }
  })

/**
 * Tells what the evidence on a question shows.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (evidence: Evidence): Investigation => {
  const { connections, datasets, now, parameters, permissions, placed, question, roomDatasets, run, runs, types } =
    evidence
  const heard = [
    question,
    datasets,
    parameters,
    permissions,
    roomDatasets,
    connections,
    types,
    runs,
    run?.audit,
    run?.plan,
    run?.partition,
    run?.result
  ]
  return {
    checks: [
      ...runCheck(evidence),
      ...auditCheck(evidence),
      ...Heard.check("question", question, ({ status }) => ({
        result: status?.trim().toUpperCase() === "READY" ? "ok" : "problem",
        found: Text.clean(status ?? "status not told", 40)
      })),
      ...datasetsCheck(evidence),
      ...Heard.check("parameters", parameters, (all) => ({
        result: "ok",
        found: all.length === 0
          ? "none"
          : `${all.slice(0, 6).map(({ Name }) => Text.clean(Name ?? "?", 60)).join(", ")}${all.length > 6 ? ", …" : ""}`
      })),
      ...Heard.check("partition values of the run", run?.partition, (all) => ({
        result: "note",
        found: all.length === 0
          ? "none"
          : all.slice(0, 6).map(({ name, value }) => `${Text.clean(name ?? "", 60)} = ${Text.clean(value ?? "", 40)}`)
            .join(", ")
      })),
      ...Heard.check("permissions", permissions, (all) => ({
        result: "note",
        found: `for all partners: ${
          all.filter(({ access }) => access === "ALL_CLEAN_ROOM_PARTNERS").map(({ permission }) =>
            Text.clean(permission ?? "", 30)
          ).join(", ") || "none"
        }`
      })),
      ...(placed === undefined ? [] : [{
        check: "end date of the clean room",
        result: Preflight.isExpired(placed.cleanRoom, now) ? "problem" as const : "ok" as const,
        found: Text.clean(placed.cleanRoom.endAt ?? "none", 30)
      }]),
      ...resultCheck(evidence),
      ...Heard.check("explain plan", run?.plan, ({ success }) => ({
        result: success === false ? "note" : "ok",
        found: success === false ? "Habu gives none" : "there is one"
      }))
    ],
    ...detect(detectors, evidence),
    errors: Heard.errors(heard),
    facts: {
      question: placed?.question.id ?? "",
      question_display_id: placed?.question.displayId ?? "",
      clean_room: placed?.cleanRoom.id ?? "",
      run: run?.run.id ?? "",
      run_status: run?.run.status ?? "",
      failure_reason: Words.said(run?.run.failureReason, 200) ?? "",
      run_message: Words.said(run?.run.runMessage, 300) ?? ""
    }
  }
}
