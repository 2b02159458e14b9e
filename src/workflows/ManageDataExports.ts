/**
 * Getting results out of clean rooms: destinations, their approval, export jobs, segments, and what was sent.
 *
 * A clean room's owner decides whether results may leave it. So exports are never switched on here, and a partner's
 * destination is approved by name and after agreement only.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../habu/api/CleanRooms.js"
import type { ExportJobRun } from "../habu/api/Exports.js"
import { HabuDirectory, type Known } from "../habu/HabuDirectory.js"
import * as Confirmation from "./Confirmation.js"
import * as Connections from "./data/Connections.js"
import * as DestinationChanges from "./export/DestinationChanges.js"
import * as Destinations from "./export/Destinations.js"
import * as DestinationTypes from "./export/DestinationTypes.js"
import * as History from "./export/History.js"
import * as Jobs from "./export/Jobs.js"
import * as NodeJobs from "./export/NodeJobs.js"
import * as Segments from "./export/Segments.js"
import * as Situation from "./export/Situation.js"
import * as Plan from "./Plan.js"
import * as Reading from "./Reading.js"
import * as Where from "./Where.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "manage_data_exports"

/**
 * What `manage_data_exports` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  action: Workflow.maybe(
    Schema.Literal(
      "overview",
      "destination_types",
      "create_destination",
      "change_destination",
      "delete_destination",
      "provision",
      "withdraw",
      "approve",
      "reject",
      "export",
      "segment",
      "pause",
      "resume",
      "delete",
      "history",
      "activations"
    ).annotations({ description: "overview if not given" })
  ),
  clean_room: Workflow.maybe(Schema.String.annotations({ description: "Name or id" })),
  destinations: Workflow.maybe(Schema.Array(Schema.String).annotations({ description: "Names or ids" })),
  destination_type: Workflow.maybe(Schema.String.annotations({ description: "Of a new one" })),
  new_name: Workflow.maybe(Schema.String.annotations({ description: "Of a destination" })),
  credential: Workflow.maybe(Schema.String.annotations({ description: "Existing, or a new one's name" })),
  credential_values: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.String }).annotations({
      description: "By key (or public_key): HABU_CREDENTIAL_… variable or file"
    })
  ),
  questions: Workflow.maybe(Schema.Array(Schema.String).annotations({ description: "Names or ids" })),
  flow: Workflow.maybe(Schema.String.annotations({ description: "In place of questions" })),
  nodes: Workflow.maybe(Schema.Array(Schema.String).annotations({ description: "The flow's nodes" })),
  exports: Workflow.maybe(Schema.Array(Schema.String).annotations({ description: "Names or ids" })),
  parameters: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.String }).annotations({ description: "Such as S3_EXPORT_PATH" })
  ),
  segment_name: Workflow.maybe(Schema.String.annotations({ description: "For segment" })),
  identifier: Workflow.maybe(Schema.String.annotations({ description: "Its kind, such as NAME" })),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField,
  detail: Workflow.maybe(Schema.Literal("brief", "full").annotations({ description: "full lists more" }))
})

export type Input = typeof Input.Type

/**
 * What `manage_data_exports` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  clean_room: Workflow.maybe(Words.Reference),
  ...Plan.fields,
  checks: Workflow.maybe(Schema.Array(Situation.Check)),
  destination_types: Workflow.maybe(Schema.Array(DestinationTypes.View)),
  destinations: Workflow.maybe(Schema.Array(Destinations.View)),
  exports: Workflow.maybe(Schema.Array(History.View)),
  activations: Workflow.maybe(Schema.Array(History.Activation)),
  explained: Workflow.maybe(Schema.Array(Schema.String)),
  denied: Workflow.maybe(Schema.Array(Schema.String)),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const isFull = ({ detail }: Input) => detail === "full"

const shown = <A>(input: Input, items: ReadonlyArray<A>, brief = 8) => items.slice(0, isFull(input) ? 60 : brief)

const cut = (input: Input, what: string, all: ReadonlyArray<unknown>, brief = 8) => {
  const { length } = shown(input, all, brief)
  return length < all.length ? [`${length} of ${Words.count(all.length, what)} are shown.`] : []
}

const listed = (input: Input, situation: Situation.Situation) => {
  const placed = Situation.answered(situation.placed)
  const jobs = Situation.answered(situation.jobs)
  return {
    destinations: shown(input, placed).map(Destinations.placedView(situation)),
    exports: shown(input, jobs).map(History.view),
    denied: Situation.unseen(situation),
    cuts: [...cut(input, "destination", placed), ...cut(input, "export", jobs)]
  }
}

const types = Effect.fnUntraced(function*(input: Input) {
  const all = yield* DestinationTypes.all
  return Workflow.compact({
    status: "done" as const,
    summary: `Destinations can be made with ${
      Words.count(all.length, "type")
    }. Secret values are only given by reference.`,
    destination_types: shown(input, all, 40).map(DestinationTypes.view(isFull(input))),
    warnings: cut(input, "type", all, 40),
    next_steps: all.length === 0 || isFull(input)
      ? []
      : [{ tool, arguments: { ...input, detail: "full" }, why: "See the keys of each one's credential." }]
  }) satisfies Output
})

const ofOrganization = Effect.fnUntraced(function*(input: Input) {
  const directory = yield* HabuDirectory
  const [own, rooms] = yield* Effect.all([Situation.ownDestinations, directory.cleanRooms], {
    concurrency: "unbounded"
  })
  return Workflow.compact({
    status: "done" as const,
    summary: `The organisation has ${Words.count(own.length, "destination")}. ` +
      "Give clean_room to see what is exported from one, and to which destinations it may be.",
    destinations: shown(input, own, 15).map(Destinations.view),
    warnings: [...cut(input, "destination", own, 15), ...(rooms.length === 0 ? [Words.noCleanRooms] : [])],
    next_steps: rooms.slice(0, 5).map((room) => ({
      tool,
      arguments: { ...input, clean_room: Words.handle(room) },
      why: `In ${Words.title(room)}.`
    }))
  }) satisfies Output
})

const waitingSteps = (situation: Situation.Situation): ReadonlyArray<Workflow.NextStep> =>
  Situation.answered(situation.placed)
    .filter((one) => Situation.standing(one) === "waiting" && Situation.isOurs(situation, one) === false)
    .slice(0, 2)
    .map((one) => ({
      tool,
      arguments: {
        action: "approve",
        clean_room: Words.handle(situation.cleanRoom),
        destinations: [Words.handle(one)]
      },
      why: `Only if the clean room's owner is your organisation and a person agrees: let results leave to ${
        Words.title(one)
      } (or action reject).`
    }))

// Of no use where something else stands in the way as well.
const enabling = (situation: Situation.Situation): ReadonlyArray<Workflow.NextStep> => {
  const blocked = Situation.roomChecks(situation).filter(({ result }) => result === "blocked")
  return blocked.length === 1 && Situation.enabledCheck(situation).result === "blocked"
    ? [{
      tool: "manage_cleanroom_lifecycle",
      arguments: { clean_room: Words.handle(situation.cleanRoom), action: "update", dry_run: true },
      why: "If your organisation owns it and wants results to leave it: see its features, then add export to enable."
    }]
    : []
}

const overview = Effect.fnUntraced(function*(input: Input, cleanRoom: Known<CleanRoom>) {
  const situation = yield* Situation.read(cleanRoom)
  const { cuts, denied, destinations, exports } = listed(input, situation)
  const checks = Situation.roomChecks(situation)
  const blocked = Jobs.blockers(checks)
  const paused = Situation.answered(situation.jobs).filter(({ job }) => job.status === "PAUSED").length
  const waiting = Situation.answered(situation.placed).filter((one) => Situation.standing(one) === "waiting").length
  const isDenied = [situation.jobs, situation.placed].every(({ _tag }) => _tag === "Denied")
  return Workflow.compact({
    status: isDenied ? "denied" as const : denied.length > 0 ? "partial" as const : "done" as const,
    summary: [
      situation.jobs._tag === "Answered"
        ? `${Words.title(cleanRoom)} has ${Words.count(situation.jobs.value.length, "export")}, ${paused} paused.`
        : `The exports of ${Words.title(cleanRoom)} could not be seen.`,
      ...(waiting === 0
        ? []
        : [`${Words.count(waiting, "destination")} wait${waiting === 1 ? "s" : ""} for approval.`]),
      ...(blocked === "" ? [] : [`Nothing more can be exported from it: ${blocked}`])
    ].join(" "),
    clean_room: Words.reference(cleanRoom),
    checks,
    destinations,
    exports,
    denied,
    warnings: cuts,
    next_steps: [
      ...(exports.length === 0 ? [] : [{
        tool,
        arguments: { action: "history", clean_room: Words.handle(cleanRoom) },
        why: "See what the exports sent."
      }]),
      ...waitingSteps(situation),
      ...enabling(situation)
    ]
  }) satisfies Output
})

const historyAnswer = (
  input: Input,
  situation: Situation.Situation,
  told: {
    readonly exports: ReadonlyArray<History.View>
    readonly runs: ReadonlyArray<ExportJobRun>
    readonly denied: ReadonlyArray<string>
    readonly rest: number
    readonly latest: ReadonlyArray<string>
  }
): Output =>
  Workflow.compact({
    status: told.denied.length === 0 ? "done" as const : told.runs.length > 0 ? "partial" as const : "failed" as const,
    summary: `${Words.count(told.runs.length, "run")} of ${Words.count(told.exports.length, "export")} in ${
      Words.title(situation.cleanRoom)
    }.${told.latest.length === 0 ? "" : ` Latest: ${told.latest.join("; ")}.`}`,
    clean_room: Words.reference(situation.cleanRoom),
    exports: told.exports,
    explained: History.explained(told.runs, Situation.isConfidential(situation)),
    denied: told.denied,
    warnings: told.rest > 0 ? [`${Words.count(told.rest, "more export")} not looked at: name them in exports.`] : [],
    next_steps: told.runs.some(({ status }) => status === "QUEUED" || status === "PROCESSING")
      ? [{
        tool,
        arguments: { ...input },
        why: "See how those under way ended; sooner tells nothing new.",
        after_seconds: 180
      }]
      : []
  })

const nodeHistory = Effect.fnUntraced(function*(input: Input, situation: Situation.Situation) {
  const seen = yield* NodeJobs.read(input, situation)
  const outcome = yield* NodeJobs.history(seen)
  const runs = outcome._tag === "Answered" ? outcome.value : []
  return historyAnswer(input, situation, {
    exports: NodeJobs.views(seen).map((one) =>
      Workflow.compact({
        ...one,
        runs: runs.filter(({ jobId }) => jobId === one.id).toReversed().slice(0, isFull(input) ? 20 : 4)
          .map(History.runView(isFull(input)))
      })
    ),
    runs,
    denied: outcome._tag === "Answered" ? [] : [outcome.error.message],
    rest: 0,
    latest: []
  })
})

const history = Effect.fnUntraced(function*(input: Input, situation: Situation.Situation) {
  if (Words.given(input.flow) !== undefined) return yield* nodeHistory(input, situation)
  const isNamed = [...(input.exports ?? []), ...(input.questions ?? [])].length > 0
  const jobs = isNamed ? yield* Jobs.chosen(tool, input, situation) : yield* Situation.needed(situation.jobs)
  const looked = jobs.slice(0, isFull(input) ? 10 : 5)
  const told = yield* Effect.forEach(looked, History.ofJob, { concurrency: "unbounded" })
  const runs = told.flatMap(({ answer }) => answer._tag === "Answered" ? answer.runs : [])
  return historyAnswer(input, situation, {
    exports: told.map(History.toldView(isFull(input))),
    runs,
    denied: told.flatMap(({ answer, job }) =>
      answer._tag === "Answered" ? [] : [`${Words.title(job)}: ${answer.error.message}`]
    ),
    rest: jobs.length - looked.length,
    latest: told.flatMap(({ answer, job }) =>
      answer._tag === "Answered" && answer.runs[0] !== undefined
        ? [`${Words.title(job)} ${Words.said(answer.runs[0].status, 40) ?? "of no known status"}`]
        : []
    )
  })
})

const activations = Effect.fnUntraced(function*(input: Input, situation: Situation.Situation) {
  const meant = yield* Jobs.questions(tool, input, situation, Jobs.isList)
  const told = yield* Effect.forEach(
    meant.slice(0, 10),
    (placed) =>
      Effect.map(
        Reading.attempt(Words.title(placed.question), History.activationsOf(placed)),
        (outcome) => ({ placed, outcome })
      ),
    { concurrency: "unbounded" }
  )
  const denied = told.flatMap(({ outcome, placed }) =>
    outcome._tag === "Answered" ? [] : [`${Words.title(placed.question)}: ${outcome.error.message}`]
  )
  const found = told.flatMap(({ outcome }) => outcome._tag === "Answered" ? [outcome.value] : [])
  const all = found.flatMap((one) => one.activations)
  const without = found.filter((one) => one.activations.length === 0).map(({ question, run }) =>
    `${Words.title(question)}: ${
      run === undefined
        ? "no run has completed"
        : `its run ${Words.said(run.name ?? run.id) ?? ""} was activated nowhere`
    }.`
  )
  return Workflow.compact({
    status: denied.length === 0 ? "done" as const : found.length > 0 ? "partial" as const : "failed" as const,
    summary: `${Words.count(all.length, "activation")} of the latest completed runs of ${
      Words.count(found.length, "question")
    }.`,
    clean_room: Words.reference(situation.cleanRoom),
    activations: shown(input, all, 20),
    denied,
    warnings: [...without, ...cut(input, "activation", all, 20)]
  }) satisfies Output
})

const plan = (
  input: Input,
  situation: Situation.Situation,
  action: "provision" | "withdraw" | "approve" | "reject" | "export" | "segment" | "pause" | "resume" | "delete"
) => {
  const isFlow = Words.given(input.flow) !== undefined
  switch (action) {
    case "provision":
      return Effect.gen(function*() {
        const own = yield* Situation.needed(situation.own)
        yield* Situation.needed(situation.placed)
        const closed = Jobs.blockers(Situation.roomChecks(situation).slice(0, 1))
        const meant = yield* Destinations.chosen(tool, input, own)
        return Jobs.together(meant.map((one) =>
          closed === ""
            ? Destinations.provisioning(situation, one)
            : { changes: [], settled: [Plan.unmet(Destinations.provisionStep(one), closed)] }
        ))
      })
    case "withdraw":
      return Destinations.withdrawing(tool, input, situation)
    case "approve":
      return Destinations.reviewing(tool, input, situation, "APPROVE")
    case "reject":
      return Destinations.reviewing(tool, input, situation, "REJECT")
    case "export":
      return isFlow ? NodeJobs.exporting(tool, input, situation) : Jobs.exporting(tool, input, situation)
    case "segment":
      return Segments.segmenting(tool, input, situation)
    case "pause":
    case "resume": {
      const status = action === "pause" ? "PAUSED" : "ACTIVE"
      return isFlow
        ? NodeJobs.switching(tool, input, situation, status)
        : Jobs.switching(tool, input, situation, status)
    }
    case "delete":
      return isFlow ? NodeJobs.deleting(tool, input, situation) : Jobs.deleting(tool, input, situation)
  }
}

const carryOut = <R = never>(
  input: Input,
  planned: Destinations.Planned<R> & { readonly checks?: ReadonlyArray<Situation.Check> },
  { cleanRoom, subject, taken = [] }: {
    readonly cleanRoom?: Known<CleanRoom>
    readonly subject: unknown
    readonly taken?: ReadonlyArray<string>
  }
) =>
  Effect.gen(function*() {
    const ending = yield* Plan.run(planned.changes, {
      tool,
      input,
      settled: planned.settled,
      name: planned.typed,
      subject
    })
    const where = Workflow.compact({
      clean_room: cleanRoom && Words.reference(cleanRoom),
      checks: (planned.checks ?? []).filter(({ result }) => isFull(input) || result !== "ok")
    })
    const warnings = [...taken, ...planned.warnings ?? []]
    if (ending._tag !== "CarriedOut") {
      const answer: Output = Workflow.compact({ ...Plan.unmade(ending, { tool, input }), ...where, warnings })
      return { done: false, answer }
    }
    const done = ending.steps.filter(({ result }) => result === "done").length
    const answer: Output = Workflow.compact({
      status: Plan.statusOf(ending.steps),
      summary: [
        done > 0 ? `${Words.count(done, "step")} done.` : "Nothing was changed.",
        Plan.remaining(ending.steps)
      ].filter((text) => text !== "").join(" "),
      ...where,
      steps: ending.steps,
      warnings,
      next_steps: yield* Plan.again(tool, input, ending.steps)
    })
    return { done: done > 0, answer }
  })

const create = Effect.fnUntraced(
  function*(input: Input) {
    const planned = yield* Destinations.making(tool, input)
    const { answer } = yield* carryOut(input, planned, { subject: null })
    if (answer.status === "needs_confirmation" || input.dry_run === true) return answer
    const own = yield* Reading.attempt("destinations of the organisation", Situation.ownDestinations)
    const [name = ""] = input.destinations ?? []
    const made = Situation.answered(own).find(Destinations.ofName(name))
    const isChecked = made !== undefined && Situation.setUpCheck(made).result === "ok"
    return Workflow.compact({
      ...answer,
      destinations: made === undefined ? [] : [Destinations.view(made)],
      next_steps: [
        ...(answer.next_steps ?? []),
        ...(made === undefined ? [] : [{
          tool,
          arguments: isChecked ? { action: "export", destinations: [Words.handle(made)] } : { action: "overview" },
          why: isChecked
            ? "Export to it; it is brought into the clean room on the way."
            : "See whether its set-up works, which takes Habu some minutes to check.",
          ...(!isChecked && { after_seconds: yield* Connections.lookAgainAfter })
        }])
      ]
    }) satisfies Output
  },
  Plan.telling(tool),
  Reading.forWriting
)

const alter = Effect.fnUntraced(
  function*(input: Input, action: "change_destination" | "delete_destination") {
    const { id, ...planned } = yield* action === "change_destination"
      ? DestinationChanges.changing(tool, input)
      : DestinationChanges.deleting(tool, input)
    const named = id === undefined ? input : { ...input, destinations: [id] }
    const { answer } = yield* carryOut(named, planned, { subject: { action, id } })
    if (answer.status === "needs_confirmation" || input.dry_run === true) return answer
    const own = yield* Reading.attempt("destinations of the organisation", Situation.ownDestinations)
    return Workflow.compact({
      ...answer,
      destinations: Situation.answered(own).filter((one) => one.id === id).map(Destinations.view)
    }) satisfies Output
  },
  Plan.telling(tool),
  Reading.forWriting
)

const whereOf = Effect.fnUntraced(function*(input: Input) {
  const directory = yield* HabuDirectory
  const question = Words.given(input.questions?.[0])
  const flow = Words.given(input.flow)
  if (Words.given(input.clean_room) === undefined && (question ?? flow) !== undefined) {
    const { cleanRoom } = question !== undefined
      ? yield* directory.question(question)
      : yield* directory.flow(flow ?? "")
    return { _tag: "Found", value: cleanRoom, taken: [] } satisfies Where.Found<Known<CleanRoom>>
  }
  return yield* Where.cleanRoom(tool, input, input.clean_room)
})

const look = Effect.fnUntraced(function*(input: Input, action: "overview" | "history" | "activations") {
  const where = yield* whereOf(input)
  if (where._tag === "Asking") return where.answer satisfies Output
  if (action === "overview") return yield* overview(input, where.value)
  const situation = yield* Situation.read(where.value)
  return yield* action === "history" ? history(input, situation) : activations(input, situation)
})

const change = Effect.fnUntraced(
  function*(input: Input, action: Parameters<typeof plan>[2]) {
    const where = yield* whereOf(input)
    if (where._tag === "Asking") return where.answer satisfies Output
    const cleanRoom = where.value
    const before = yield* Situation.read(cleanRoom)
    const planned = yield* plan(input, before, action)
    const { answer, done } = yield* carryOut(input, planned, {
      cleanRoom,
      subject: { cleanRoom: cleanRoom.id, action },
      taken: where.taken
    })
    if (!done) {
      return Workflow.compact({
        ...answer,
        next_steps: [...answer.next_steps ?? [], ...(action === "export" ? enabling(before) : [])]
      }) satisfies Output
    }
    const after = yield* Situation.read(cleanRoom)
    const { cuts, denied, destinations, exports } = listed(input, after)
    return Workflow.compact({
      ...answer,
      destinations: action === "segment" ? [] : destinations,
      exports: action === "segment" ? [] : exports,
      denied,
      warnings: [...answer.warnings ?? [], ...cuts],
      next_steps: [
        ...answer.next_steps ?? [],
        ...(action === "export" && exports.length > 0
          ? [{
            tool,
            arguments: { action: "history", clean_room: Words.handle(cleanRoom) },
            why: "After the next run of what is exported, see what was sent.",
            after_seconds: 3600
          }]
          : [])
      ]
    }) satisfies Output
  },
  Plan.telling(tool),
  Reading.forWriting
)

/**
 * Shows exports and what they sent, makes destinations and exports, and changes them.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("ManageDataExports")(
  function*(input: Input) {
    const action = input.action ?? "overview"
    switch (action) {
      case "destination_types":
        return yield* types(input)
      case "create_destination":
        return yield* create(input)
      case "change_destination":
      case "delete_destination":
        return yield* alter(input, action)
      case "overview": {
        const isAnywhere = [input.clean_room, input.flow, input.questions?.[0]].every((one) =>
          Words.given(one) === undefined
        )
        return yield* isAnywhere ? ofOrganization(input) : look(input, action)
      }
      case "history":
      case "activations":
        return yield* look(input, action)
      default:
        return yield* change(input, action)
    }
  },
  Effect.catchTag("Asking", ({ nextSteps = [], summary }) =>
    Effect.succeed(
      Workflow.compact({ status: "needs_input" as const, summary, next_steps: nextSteps }) satisfies Output
    ))
)
